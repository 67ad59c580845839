package dev.fairlead.control;

import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what an observer is told, one sentence each. */
final class Heard implements ControlObserver {
    private final List<String> sentences = new CopyOnWriteArrayList<>();

    List<String> sentences() {
        return sentences;
    }

    @Override
    public void planned(Plan plan, long nanos) {
        sentences.add(plan.isEmpty() ? "planned nothing" : "planned " + steps(plan));
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        sentences.add("applied " + steps(done) + ", now " + revision);
    }

    private static String steps(Plan plan) {
        return plan.steps().stream().map(Step::what).toList().toString();
    }

    @Override
    public void stepFailed(Step step, String message) {
        sentences.add("failed " + step.what() + ": " + message);
    }

    @Override
    public void defect(String doing, Throwable defect) {
        sentences.add("defect " + doing + ": " + defect.getMessage());
    }

    @Override
    public void sourceFault(SourceFault fault) {
        sentences.add("fault " + fault.summary());
    }

    @Override
    public void sourceRecovered() {
        sentences.add("recovered");
    }
}
