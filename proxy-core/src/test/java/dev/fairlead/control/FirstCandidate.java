package dev.fairlead.control;

import dev.fairlead.balance.Balancer;
import dev.fairlead.balance.PickContext;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.Upstream;
import java.util.List;
import java.util.Optional;

/** A balancer whose pickers remember what they were made from. */
record FirstCandidate(String name) implements Balancer {
    @Override
    public Picker newPicker(List<Upstream> candidates, Optional<Picker> previous) {
        return new Made(this, candidates, previous);
    }

    record Made(FirstCandidate by, List<Upstream> candidates, Optional<Picker> previous) implements Picker {
        @Override
        public Optional<Upstream> pick(PickContext context) {
            return candidates.stream().filter(upstream -> !context.excluded(upstream)).findFirst();
        }
    }
}
