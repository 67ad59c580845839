package dev.fairlead.summary;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What Surefire's reports say of one run.
 *
 * @param tests how many there were, skipped ones too
 * @param failed how many failed or broke
 * @param skipped sorted by class and name
 */
public record TestReports(int tests, int failed, List<Skip> skipped) {
    public TestReports {
        skipped = List.copyOf(skipped);
    }

    /** A test that did not run, or a whole class where the name is {@code ""}. */
    public record Skip(String className, String name, String reason) {
        @Override
        public String toString() {
            return className + (name.isEmpty() ? "" : " " + name) + ": " + reason;
        }
    }

    /**
     * Reads {@code <root>/<module>/target/surefire-reports/TEST-*.xml} of all modules.
     *
     * @param since older reports are left out: they belong to an earlier run
     * @throws IOException where a report cannot be read or is no report; the message names it
     */
    public static TestReports read(Path root, Instant since) throws IOException {
        // Report files carry times as coarse as the file system's.
        Instant threshold = since.truncatedTo(ChronoUnit.SECONDS);
        int tests = 0;
        int failed = 0;
        List<Skip> skipped = new ArrayList<>();
        for (Path report : reports(root)) {
            if (Files.getLastModifiedTime(report).toInstant().isBefore(threshold)) {
                continue;
            }
            for (Element test : elements(document(report), "testcase")) {
                tests++;
                failed += elements(test, "failure").size() + elements(test, "error").size() > 0 ? 1 : 0;
                for (Element skip : elements(test, "skipped")) {
                    skipped.add(new Skip(test.getAttribute("classname"), test.getAttribute("name"), reason(skip)));
                }
            }
        }
        return new TestReports(tests, failed, skipped.stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString())).toList());
    }

    private static List<Path> reports(Path root) throws IOException {
        List<Path> reports = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path module : modules) {
                Path folder = module.resolve("target/surefire-reports");
                if (Files.isDirectory(folder)) {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
                        files.forEach(reports::add);
                    }
                }
            }
        }
        return reports;
    }

    private static Element document(Path report) throws IOException {
        try (InputStream in = Files.newInputStream(report)) {
            DocumentBuilder builder = DocumentBuilderFactory.newNSInstance().newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // the usual one prints as well as throws
            return Optional.ofNullable(builder.parse(in).getDocumentElement())
                    .orElseThrow(() -> new IOException(report + ": empty (expected: a test report)"));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException(report + ": not a test report: " + e.getMessage(), e);
        }
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** The attribute where there is one, else the stack trace's words before its first frame. */
    private static String reason(Element skip) {
        String words = skip.hasAttribute("message")
                ? skip.getAttribute("message")
                : skip.getTextContent().lines().takeWhile(line -> !line.startsWith("\tat "))
                        .collect(Collectors.joining(" "));
        String reason = withoutPrefix(withoutPrefix(words.strip(), skip.getAttribute("type") + ":"),
                "Assumption failed:");
        return reason.isEmpty() ? "no reason given" : reason;
    }

    private static String withoutPrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()).strip() : text;
    }
}
