package dev.fairlead.app;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;
import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.ask.Listing;
import dev.fairlead.app.ask.Noun;
import dev.fairlead.app.ask.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Lists what a running process has. */
@Command(name = "get", header = "List what the running one has: services, connections ...", //
        customSynopsis = "fairlead get KIND [[NAMESPACE/]NAME] [OPTIONS]")
final class GetCommand implements Callable<Integer> {
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final String TOKEN = "token";

    /** How it is printed. */
    enum Form {
        TABLE, WIDE, JSON, YAML;

        /** Reads its word. */
        static final class Reader implements ITypeConverter<Form> {
            @Override
            public Form convert(String text) {
                return switch (text) {
                    case "wide" -> WIDE;
                    case "json" -> JSON;
                    case "yaml" -> YAML;
                    default -> throw new TypeConversionException(
                            "\"" + text + "\" is no form (expected: wide, json or yaml)");
                };
            }
        }
    }

    private final Terminal terminal;
    private final Supplier<StopSignal> signals;

    @Parameters(index = "0", paramLabel = "KIND", description = {
            "services, endpoints, connections, listeners, events,", "or token: what a change by HTTP has to bring."})
    private String kind = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Only what belongs to this Service.")
    private Optional<String> name = Optional.empty();

    @Option(names = {"-n", "--namespace"}, paramLabel = "NAME", order = 1, description = "Only of this namespace.")
    private Optional<String> namespace = Optional.empty();

    @Option(names = {"-o",
            "--output"}, paramLabel = "FORM", order = 2, converter = Form.Reader.class, description = "wide, json or yaml.")
    private Form form = Form.TABLE;

    @Option(names = {"-w", "--watch"}, order = 3, description = "Then show what changes, until Ctrl-C.")
    private boolean watch;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    GetCommand(Terminal terminal, Supplier<StopSignal> signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (kind.equals(TOKEN)) {
            return Report.said(terminal, ask("/api/v1/token"));
        }
        Noun noun = noun();
        if (name.isPresent() && name.get().contains("/")) {
            String[] parts = name.get().split("/", 2);
            namespace = Optional.of(parts[0]);
            name = Optional.of(parts[1]);
        }
        if (watch && (form == Form.JSON || form == Form.YAML)) {
            throw new ParameterException(spec.commandLine(), "--watch shows lines (expected: without -o " + form + ")");
        }
        return switch (Listing.of(noun, this::ask)) {
            case Listing.Untold(Asking.Answer answer) -> Report.said(terminal, answer);
            case Listing.Told(List<Noun.Item> all) -> {
                List<Noun.Item> items = wanted(all);
                show(noun, items);
                yield watch ? watch(noun, items) : ExitCode.OK;
            }
        };
    }

    private Noun noun() {
        return Stream.of(Noun.values()).filter(one -> one.word().equals(kind) || one.word().equals(kind + "s"))
                .findFirst().orElseThrow(() -> new ParameterException(spec.commandLine(), "\"" + kind
                        + "\" is nothing to get (expected: " + Stream.of(Noun.values()).map(Noun::word)
                                .collect(Collectors.joining(", "))
                        + " or " + TOKEN + ")"));
    }

    private Asking.Answer ask(String path) {
        return admin.json(terminal, path);
    }

    private List<Noun.Item> wanted(List<Noun.Item> all) {
        return all.stream().filter(one -> one.of(namespace, name)).toList();
    }

    private void show(Noun noun, List<Noun.Item> items) {
        switch (form) {
            case JSON -> terminal.out().println(tree(noun, items).toPrettyString());
            case YAML -> terminal.out().print(yaml(tree(noun, items)));
            case TABLE, WIDE -> {
                if (items.isEmpty()) {
                    terminal.say("no " + noun.word() + " found");
                    return;
                }
                Table table = table(noun, items);
                terminal.out().println(table.headingLine());
                table.lines().forEach(terminal.out()::println);
            }
        }
    }

    private Table table(Noun noun, List<Noun.Item> items) {
        Table table = new Table(noun.headings(form == Form.WIDE));
        items.forEach(one -> table.row(noun.cells(one, form == Form.WIDE)));
        return table;
    }

    private static ObjectNode tree(Noun noun, List<Noun.Item> items) {
        ObjectNode tree = Listing.JSON.createObjectNode();
        ArrayNode array = tree.putArray(noun.word());
        for (Noun.Item item : items) {
            ObjectNode one = Listing.JSON.createObjectNode();
            if (noun == Noun.ENDPOINTS) {
                for (String field : List.of("namespace", "name", "port", "protocol", "family")) {
                    one.set(field, item.owner().path(field));
                }
            }
            item.node().properties().forEach(field -> one.set(field.getKey(), field.getValue()));
            array.add(one);
        }
        return tree;
    }

    private static String yaml(ObjectNode tree) {
        return YAMLMapper.builder().disable(YAMLWriteFeature.WRITE_DOC_START_MARKER).build().writeValueAsString(tree);
    }

    /** Lines that are new or differ, as they come; a process that is gone ends it. */
    private int watch(Noun noun, List<Noun.Item> first) throws InterruptedException {
        StopSignal stop = signals.get();
        Map<String, List<String>> before = lines(noun, first);
        while (!stop.await(GLANCE)) {
            switch (Listing.of(noun, this::ask)) {
                case Listing.Untold(Asking.Answer answer) -> {
                    return Report.said(terminal, answer);
                }
                case Listing.Told(List<Noun.Item> all) -> {
                    List<Noun.Item> now = wanted(all);
                    Map<String, List<String>> known = before;
                    List<Noun.Item> changed = now.stream()
                            .filter(one -> !noun.cells(one, form == Form.WIDE).equals(known.get(noun.identity(one))))
                            .toList();
                    table(noun, changed).lines().forEach(terminal.out()::println);
                    before = lines(noun, now);
                }
            }
        }
        return ExitCode.OK;
    }

    private Map<String, List<String>> lines(Noun noun, List<Noun.Item> items) {
        Map<String, List<String>> lines = new HashMap<>();
        items.forEach(one -> lines.put(noun.identity(one), noun.cells(one, form == Form.WIDE)));
        return lines;
    }
}
