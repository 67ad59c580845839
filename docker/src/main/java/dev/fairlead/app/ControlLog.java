package dev.fairlead.app;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.control.Step;
import dev.fairlead.source.SourceFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log what the control thread does. */
final class ControlLog implements ControlObserver {
    private static final Logger LOG = LoggerFactory.getLogger("fairlead.control");
    private static final int MOST_LINES = 40;

    @Override
    public void applied(Plan done, long revision, long nanos) {
        long lines = done.text().lines().count();
        if (lines > MOST_LINES) {
            LOG.info("table {} in force after {} ms: {} changes, {} steps", revision, nanos / 1_000_000,
                    done.changes().size(), done.steps().size());
        } else {
            LOG.info("table {} in force after {} ms:\n{}", revision, nanos / 1_000_000, done.text().stripTrailing());
        }
    }

    @Override
    public void stepFailed(Step step, String message) {
        LOG.warn("{}: {}; trying again every second, everything else goes on", step.what(), message);
    }

    @Override
    public void defect(String doing, Throwable defect) {
        LOG.error("a defect of Fairlead while it tried to {}; the last table stays in force, please report this", doing,
                defect);
    }

    @Override
    public void sourceFault(SourceFault fault) {
        String detail = fault instanceof SourceFault.Malformed(var problems)
                ? "\n" + String.join("\n", problems)
                : " " + fault.summary();
        LOG.error("the configuration is not taken, the last good one stays in force:{}", detail);
    }

    @Override
    public void sourceRecovered() {
        LOG.info("the configuration is good again");
    }
}
