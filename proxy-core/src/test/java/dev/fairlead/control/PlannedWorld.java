package dev.fairlead.control;

import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.FilterListener;
import dev.fairlead.control.Step.HoldAddress;
import dev.fairlead.control.Step.LetGoAddress;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.Step.RetireUpstream;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a world becomes where every step of a plan succeeds, worked out without doing anything. */
final class PlannedWorld {
    private PlannedWorld() {
    }

    static World reached(World before, Plan plan) {
        Map<TransportAddress, SourceFilter> doors = new HashMap<>(before.doors());
        Set<TransportAddress> held = new HashSet<>(before.held());
        List<RouteSpec> specs = before.specs();
        for (Step step : plan.steps()) {
            switch (step) {
                case PublishTable publish -> specs = publish.specs();
                case HoldAddress hold -> held.add(hold.address());
                case OpenListener open -> {
                    doors.put(open.address(), open.filter());
                    held.remove(open.address());
                }
                case FilterListener filter -> doors.put(filter.address(), filter.filter());
                case CloseListener close -> doors.remove(close.address());
                case LetGoAddress letGo -> held.remove(letGo.address());
                case RetireUpstream _ -> {
                }
            }
        }
        return new World(doors, held, specs, true);
    }
}
