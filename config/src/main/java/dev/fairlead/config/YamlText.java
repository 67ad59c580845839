package dev.fairlead.config;

import java.util.Optional;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** One text as YAML 1.2 documents, of which JSON is one form. */
final class YamlText {
    /** Characters in one text: a cluster of some ten thousand services. */
    static final int LONGEST = 64 * 1024 * 1024;

    /** YAML 1.2 to the letter; the library's own also merges. */
    private static final class WithoutMerge extends CoreSchema {
        private final ScalarResolver resolver = new CoreScalarResolver(false);

        @Override
        public ScalarResolver getScalarResolver() {
            return resolver;
        }
    }

    private YamlText() {
    }

    /**
     * Hands over each document that is not empty and whose structure is sound, in order. What is wrong goes to the
     * origin's problems; a syntax error ends the text, since nobody knows what the rest was meant to be.
     *
     * @return how many documents were there, not counting empty ones and what could not be parsed
     */
    static int documents(Origin origin, String content, Consumer<Place> each) {
        if (content.length() > LONGEST) {
            origin.problems().add(new Spot(origin.text(), origin.file(), 1, 1), "", "the text is too long: "
                    + content.length() + " characters (expected: at most " + LONGEST + ")");
            return 1;
        }
        LoadSettings settings = LoadSettings.builder().setLabel(origin.file()).setSchema(new WithoutMerge())
                .setCodePointLimit(LONGEST)
                // These four are checked by Structure, which can say where.
                .setAllowDuplicateKeys(true).setAllowNonScalarKeys(true).setAllowRecursiveKeys(true)
                .setMaxAliasesForCollections(Integer.MAX_VALUE).build();
        BoundedParser parser = new BoundedParser(new ParserImpl(settings, new StreamReader(settings, content)));
        Composer composer = new Composer(settings, parser);
        int documents = 0;
        for (Optional<Node> node = next(origin, content, composer, parser); node.isPresent(); node = next(origin,
                content, composer, parser)) {
            Place document = new Place(origin, Place.Path.DOCUMENT, node.get());
            if (document.isNull()) {
                continue;
            }
            documents++;
            if (new Structure(origin).check(node.get())) {
                each.accept(document);
            }
        }
        return documents;
    }

    /** The next document, or empty at the end of the text or after saying why it cannot be read any further. */
    private static Optional<Node> next(Origin origin, String content, Composer composer, BoundedParser parser) {
        try {
            return composer.hasNext() ? Optional.of(composer.next()) : Optional.empty();
        } catch (MarkedYamlEngineException e) {
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            report(within(Spot.of(origin, e.getProblemMark().or(e::getContextMark).or(parser::reached)), content),
                    origin, context + e.getProblem());
        } catch (ReaderException e) {
            report(spotOf(origin, content, e.getPosition()), origin, "the character U+"
                    + String.format("%04X", e.getCodePoint()) + " is not allowed (expected: printable text)");
        } catch (RuntimeException e) {
            // The library lets some of its own through, such as a NumberFormatException for "\\UFFFFFFFF".
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            report(Spot.of(origin, parser.reached()), origin, message);
        }
        return Optional.empty();
    }

    private static void report(Spot spot, Origin origin, String message) {
        origin.problems().add(spot, "", "not valid YAML: " + message);
    }

    /** At a carriage return the parser may count a column too many. */
    private static Spot within(Spot spot, String content) {
        String[] lines = content.split("\r\n|[\r\n]", -1);
        int length = spot.line() > lines.length ? 0 : lines[spot.line() - 1].length();
        return new Spot(spot.text(), spot.file(), spot.line(), Math.min(spot.column(), length + 1));
    }

    /** The parser names an unprintable character by its index, which readers cannot find. */
    private static Spot spotOf(Origin origin, String content, int index) {
        int line = 1;
        int column = 1;
        int end = Math.min(index, content.codePointCount(0, content.length()));
        int offset = content.offsetByCodePoints(0, end);
        for (int i = 0; i < offset; i += Character.charCount(content.codePointAt(i))) {
            char c = content.charAt(i);
            if (c == '\n' || (c == '\r' && !content.startsWith("\r\n", i))) {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new Spot(origin.text(), origin.file(), line, column);
    }
}
