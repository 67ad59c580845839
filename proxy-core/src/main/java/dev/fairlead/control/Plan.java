package dev.fairlead.control;

import java.util.List;

/**
 * What must be done, and what for. A value; says nothing of revisions.
 *
 * @param changes what differs between the routes in force and those wanted
 * @param steps in the order they are to be done
 */
public record Plan(List<RouteChange> changes, List<Step> steps) {
    /** Nothing to do. */
    public static final Plan EMPTY = new Plan(List.of(), List.of());

    public Plan {
        changes = List.copyOf(changes);
        steps = List.copyOf(steps);
    }

    public boolean isEmpty() {
        return changes.isEmpty() && steps.isEmpty();
    }

    /**
     * For people, one line each, first what changes, then what is done about it: {@code +} comes, {@code ~} changes,
     * {@code -} goes. Empty for an empty plan.
     */
    public String text() {
        return PlanText.of(this);
    }
}
