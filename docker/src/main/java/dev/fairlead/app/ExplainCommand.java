package dev.fairlead.app;

import dev.fairlead.admin.FlowJson;
import dev.fairlead.admin.FlowText;
import dev.fairlead.app.Overrides.Judged;
import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.explain.ExplainJson;
import dev.fairlead.app.explain.ExplainText;
import dev.fairlead.app.explain.FlowLines;
import dev.fairlead.app.iptables.IptablesText;
import dev.fairlead.app.iptables.NodePortHook;
import dev.fairlead.balance.Balancers;
import dev.fairlead.balance.Flow;
import dev.fairlead.balance.FlowVerdict;
import dev.fairlead.balance.FlowVerdicts;
import dev.fairlead.discovery.file.InputFiles;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Tells what would be opened and who would be behind it, without opening a socket; or asks a running process. */
@Command(name = "explain", header = "Say what would be opened, which endpoints would be used, and why.", //
        customSynopsis = {"fairlead explain -f FILE... [OPTIONS]",
                "       fairlead explain --to IP:PORT [--from IP] [OPTIONS]"})
final class ExplainCommand implements Callable<Integer> {
    /** How it is told. */
    enum Form {
        TEXT("text", "text/plain"), JSON("json", "application/json"), IPTABLES("iptables", "text/plain");

        private final String word;
        private final String mediaType;

        Form(String word, String mediaType) {
            this.word = word;
            this.mediaType = mediaType;
        }

        @Override
        public String toString() {
            return word;
        }

        /** Reads the word. */
        static final class Reader implements ITypeConverter<Form> {
            @Override
            public Form convert(String text) {
                return Stream.of(Form.values()).filter(form -> form.word.equals(text)).findFirst().orElseThrow(
                        () -> new TypeConversionException(
                                "\"" + text + "\" is no form (expected: text, json or iptables)"));
            }
        }
    }

    /** Reads the word for a family. */
    static final class FamilyWord implements ITypeConverter<IpFamily> {
        @Override
        public IpFamily convert(String text) {
            return switch (text) {
                case "ipv4" -> IpFamily.IPV4;
                case "ipv6" -> IpFamily.IPV6;
                default -> throw new TypeConversionException("\"" + text + "\" is no family (expected: ipv4 or ipv6)");
            };
        }
    }

    private final Terminal terminal;

    @Mixin
    private FileOptions input = new FileOptions();

    @Mixin
    private NodeOption node = new NodeOption();

    @Option(names = {"-o",
            "--output"}, paramLabel = "FORM", order = 30, converter = Form.Reader.class, description = {
                    "text, json, or iptables: kube-proxy's rules, which", "iptables-restore --test accepts."})
    private Form form = Form.TEXT;

    @Option(names = "--family", paramLabel = "FAMILY", order = 30, converter = FamilyWord.class, description = "With -o iptables: ipv4, if nothing is said, or ipv6.")
    private Optional<IpFamily> family = Optional.empty();

    @Option(names = "--flows", paramLabel = "FILE", order = 31, description = {
            "Instead: what becomes of these flows, one a line:",
            "SOURCE -> DESTINATION:PORT/PROTOCOL;", "- is standard input."})
    private Optional<String> flows = Optional.empty();

    @Option(names = "--against", paramLabel = "FILE", order = 32, description = {
            "Instead: where the rules that iptables-save printed", "differ from Fairlead; exit code 1 if they do."})
    private Optional<String> against = Optional.empty();

    @Option(names = "--to", paramLabel = "IP:PORT", order = 40, description = {
            "Ask a running Fairlead about connections there", "(IP:PORT/UDP: about flows) ..."})
    private Optional<String> to = Optional.empty();

    @Option(names = "--from", paramLabel = "IP", order = 41, description = "... that comes from here; else from outside.")
    private Optional<String> from = Optional.empty();

    @Mixin
    private AdminOption admin = new AdminOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        askedOnce();
        if (to.isPresent() && input.files().isEmpty()) {
            return live(to.get());
        }
        if (to.isPresent() || from.isPresent()) {
            throw new ParameterException(spec.commandLine(), to.isPresent()
                    ? "--to asks a running process (expected: either --to or -f)"
                    : "--from needs --to");
        }
        Inputs inputs = input.required(terminal);
        Balancers balancers = Balancers.installed();
        return switch (new Overrides().with(Setting.NODE, node.name()).judge(balancers)) {
            case Judged.Wrong(List<String> problems) -> rejected(problems);
            case Judged.Fine(var over) -> switch (new SnapshotLoader(balancers, over).load(inputs)) {
                case Load.Wrong(List<String> problems) -> rejected(problems);
                case Load.Loaded(var settings, ServiceSnapshot snapshot) ->
                    explained(snapshot, settings.services().nodePorts());
            };
        };
    }

    /** One question at a time. */
    private void askedOnce() {
        long readers = Stream.of(flows, against).filter(file -> file.filter("-"::equals).isPresent()).count();
        if (readers + (input.files().contains("-") ? 1 : 0) > 1) {
            throw new ParameterException(spec.commandLine(),
                    "standard input can be read once (expected: one of -f -, --flows - and --against -)");
        }
        if (against.isPresent() && (flows.isPresent() || to.isPresent() || form != Form.TEXT)) {
            throw new ParameterException(spec.commandLine(),
                    "--against answers in sentences (expected: without -o, --flows and --to)");
        }
        if (form == Form.IPTABLES && (flows.isPresent() || to.isPresent())) {
            throw new ParameterException(spec.commandLine(),
                    "-o iptables is about all services (expected: without --flows and --to)");
        }
        if (family.isPresent() && form != Form.IPTABLES) {
            throw new ParameterException(spec.commandLine(), "--family needs -o iptables");
        }
    }

    private int live(String destination) {
        int slash = destination.indexOf('/');
        String door = slash < 0
                ? Asking.encoded(destination)
                : Asking.encoded(destination.substring(0, slash)) + "&protocol="
                        + Asking.encoded(destination.substring(slash + 1));
        String path = "/api/v1/explain?to=" + door + from.map(ip -> "&from=" + Asking.encoded(ip)).orElse("");
        return Report.said(terminal, admin.ask(terminal, place -> Asking.get(place, path, form.mediaType)));
    }

    private int rejected(List<String> problems) {
        Report.problems(terminal, problems);
        return ExitCode.BAD_INPUT;
    }

    private int explained(ServiceSnapshot snapshot, NodePorts nodePorts) {
        Report.notes(terminal, snapshot.notes());
        if (flows.isPresent()) {
            return flows(snapshot, flows.get());
        }
        if (against.isPresent()) {
            return AgainstReport.tell(terminal, snapshot, against.get());
        }
        switch (form) {
            case TEXT -> terminal.out().print(ExplainText.of(snapshot));
            case JSON -> terminal.out().println(ExplainJson.of(snapshot));
            case IPTABLES -> {
                IpFamily which = family.orElse(IpFamily.IPV4);
                terminal.out().print(
                        IptablesText.of(snapshot, which, NodePortHook.of(nodePorts, snapshot.node(), which)));
            }
        }
        return ExitCode.OK;
    }

    private int flows(ServiceSnapshot snapshot, String file) {
        FlowLines lines;
        try {
            lines = file.equals("-")
                    ? FlowLines.read("standard input",
                            new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8))
                    : FlowLines.read(file, InputFiles.read(Path.of(file)).content());
        } catch (IOException unreadable) {
            return rejected(List.of(InputFiles.Problem.of(Path.of(file), unreadable).toString()));
        }
        if (!lines.problems().isEmpty()) {
            return rejected(lines.problems());
        }
        FlowVerdicts verdicts = new FlowVerdicts(snapshot);
        for (Flow flow : lines.flows()) {
            FlowVerdict verdict = verdicts.of(flow);
            switch (form) {
                case TEXT, IPTABLES -> terminal.out().print(FlowText.lines(flow, verdict));
                case JSON -> terminal.out().println(FlowJson.of(flow, verdict));
            }
        }
        return ExitCode.OK;
    }
}
