package dev.fairlead.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Ends the parse of a text that would harm the composer behind it: that is recursive, so deep nesting would exhaust the
 * stack, and it merges mappings without end where one is told to merge itself.
 */
final class BoundedParser implements Parser {
    /** No Kubernetes object comes near. */
    static final int DEEPEST = 100;

    static final String NO_MERGE = "merge keys are not part of YAML 1.2 (expected: the keys written out)";

    private final Parser parser;
    private int depth;
    private Optional<Mark> reached = Optional.empty();

    BoundedParser(Parser parser) {
        this.parser = parser;
    }

    /** The start of the last event, for errors that do not say where they are. */
    Optional<Mark> reached() {
        return reached;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        reached = event.getStartMark();
        Event.ID id = event.getEventId();
        if (id == Event.ID.MappingStart || id == Event.ID.SequenceStart) {
            depth++;
            if (depth > DEEPEST) {
                throw new YamlEngineException("nested too deep (expected: at most " + DEEPEST + " levels)");
            }
        } else if (id == Event.ID.MappingEnd || id == Event.ID.SequenceEnd) {
            depth--;
        } else if (event instanceof ScalarEvent scalar && scalar.getTag().equals(Optional.of(Tag.MERGE.getValue()))) {
            throw new YamlEngineException(NO_MERGE);
        }
        return event;
    }
}
