package dev.fairlead.app;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.control.Step;
import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what the control thread decides and does, in words for a reader. */
final class ControlLog implements ControlObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLog.class);
    private static final int LONGEST_PLAN = 20;

    private boolean following;

    @Override
    public void planned(Plan plan, long nanos) {
        following = true;
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        List<String> lines = done.text().lines().toList();
        LOG.info("table {} in force after {} ms: {} changed", revision, TimeUnit.NANOSECONDS.toMillis(nanos),
                Report.counted(done.changes().size(), "route"));
        if (lines.size() <= LONGEST_PLAN) {
            lines.forEach(line -> LOG.info("  {}", line.strip()));
        } else {
            lines.forEach(line -> LOG.debug("  {}", line.strip()));
        }
    }

    @Override
    public void stepFailed(Step step, String message) {
        LOG.warn("cannot {}: {}; trying again every second", step.what(), message);
    }

    @Override
    public void defect(String doing, Throwable defect) {
        LOG.error("a defect of Fairlead, please report it: {} failed; what was in force stays", doing, defect);
    }

    @Override
    public void sourceFault(SourceFault fault) {
        switch (fault) {
            case SourceFault.Malformed(List<String> problems) -> {
                LOG.warn("configuration refused, {}: {}", remains(), Report.counted(problems.size(), "problem"));
                problems.forEach(problem -> LOG.warn("  {}", problem));
            }
            case SourceFault.Unreachable _,SourceFault.Forbidden _,SourceFault.Several _ -> {
                LOG.warn("cannot read the configuration, {}:", remains());
                fault.lines().forEach(line -> LOG.warn("  {}", line));
            }
        }
    }

    private String remains() {
        return following ? "the last good one stays in force" : "and there is none yet";
    }

    @Override
    public void sourceRecovered() {
        LOG.info("the configuration is readable again");
    }
}
