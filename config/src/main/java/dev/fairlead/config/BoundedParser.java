package dev.fairlead.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;

/** Ends the parse of a text that nests too deep: the composer behind it is recursive and would exhaust the stack. */
final class BoundedParser implements Parser {
    /** No Kubernetes object comes near. */
    static final int DEEPEST = 100;

    /** The text nests deeper than {@link #DEEPEST}. */
    static final class TooDeep extends YamlEngineException {
        TooDeep() {
            super("nested too deep (expected: at most " + DEEPEST + " levels)");
        }
    }

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
                throw new TooDeep();
            }
        } else if (id == Event.ID.MappingEnd || id == Event.ID.SequenceEnd) {
            depth--;
        }
        return event;
    }
}
