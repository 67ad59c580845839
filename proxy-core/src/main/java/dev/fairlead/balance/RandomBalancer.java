package dev.fairlead.balance;

import dev.fairlead.transport.Randomness;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Each connection goes to any endpoint, all as likely: what kube-proxy does. Any thread. */
public final class RandomBalancer implements Balancer {
    private final Randomness randomness;

    public RandomBalancer(Randomness randomness) {
        this.randomness = randomness;
    }

    @Override
    public Picker newPicker(List<Upstream> candidates, Optional<Picker> previous) {
        Upstream[] fixed = candidates.toArray(Upstream[]::new);
        return context -> {
            int index = Draw.index(fixed, context, randomness);
            return index == Draw.NONE ? Optional.empty() : fixed[index].present();
        };
    }

    /** {@code random}. */
    public static final class Provider implements BalancerProvider {
        @Override
        public String name() {
            return "random";
        }

        @Override
        public Balancer create(Map<String, String> parameters, Randomness randomness) {
            return new RandomBalancer(randomness);
        }
    }
}
