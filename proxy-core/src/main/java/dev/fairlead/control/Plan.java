package dev.fairlead.control;

import java.util.List;

/**
 * What must be done, and what for. A value; says nothing of revisions.
 *
 * @param changes what differs between the routes in force and those wanted
 * @param unserved what is asked for, not served, and not said before
 * @param steps in the order they are to be done
 */
public record Plan(List<RouteChange> changes, List<UnservedPort> unserved, List<Step> steps) {
    /** Nothing to do, nothing to say. */
    public static final Plan EMPTY = new Plan(List.of(), List.of(), List.of());

    public Plan {
        changes = List.copyOf(changes);
        unserved = List.copyOf(unserved);
        steps = List.copyOf(steps);
    }

    public boolean isEmpty() {
        return changes.isEmpty() && unserved.isEmpty() && steps.isEmpty();
    }

    /**
     * For people, one line each, first what changes, then what is done about it: {@code +} comes, {@code ~} changes,
     * {@code -} goes, {@code !} is not served. Empty for an empty plan.
     */
    public String text() {
        return PlanText.of(this);
    }
}
