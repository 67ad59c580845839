package dev.fairlead.app;

import dev.fairlead.app.Overrides.Judged;
import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.app.explain.ExplainJson;
import dev.fairlead.app.explain.ExplainText;
import dev.fairlead.balance.Balancers;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.ObjectSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Tells what would be opened and who would be behind it, without opening a socket. */
@Command(name = "explain", header = "Say what would be opened, which endpoints would be used, and why.", //
        customSynopsis = "fairlead explain -f FILE... [OPTIONS]")
final class ExplainCommand implements Callable<Integer> {
    /** How it is told. */
    enum Form {
        TEXT("text"), JSON("json");

        private final String word;

        Form(String word) {
            this.word = word;
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
                        () -> new TypeConversionException("\"" + text + "\" is no form (expected: text or json)"));
            }
        }
    }

    private final Terminal terminal;

    @Mixin
    private FileOptions input = new FileOptions();

    @Mixin
    private NodeOption node = new NodeOption();

    @Option(names = {"-o",
            "--output"}, paramLabel = "FORM", order = 30, converter = Form.Reader.class, description = "text or json.")
    private Form form = Form.TEXT;

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Inputs inputs = input.required(terminal);
        Balancers balancers = Balancers.installed();
        return switch (new Overrides().with(Setting.NODE, node.name()).judge(balancers)) {
            case Judged.Wrong(List<String> problems) -> rejected(problems);
            case Judged.Fine(var over) -> switch (new SnapshotLoader(balancers, over).load(inputs)) {
                case Load.Wrong(List<String> problems) -> rejected(problems);
                case Load.Loaded(_, ObjectSet objects, ServiceSnapshot snapshot) -> explained(snapshot, objects);
            };
        };
    }

    private int rejected(List<String> problems) {
        Report.problems(terminal, problems);
        return ExitCode.BAD_INPUT;
    }

    private int explained(ServiceSnapshot snapshot, ObjectSet objects) {
        Report.notes(terminal, snapshot.notes());
        switch (form) {
            case TEXT -> terminal.out().print(ExplainText.of(snapshot));
            case JSON -> terminal.out().println(ExplainJson.of(snapshot, objects));
        }
        return ExitCode.OK;
    }
}
