package dev.fairlead.balance;

import dev.fairlead.source.Suggestion;
import dev.fairlead.transport.Randomness;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The least busy of a few endpoints drawn at random, two unless told otherwise: connections being made or relayed
 * count.
 * <p>
 * The draws are independent, so one endpoint may be drawn twice. That is on purpose: a new endpoint among {@code n},
 * which has no connection yet and wins every comparison, gets a connection exactly when it is drawn at all, which is
 * {@code 1 - (1 - 1/n)^choices}, less than {@code choices / n}. So a newcomer is never flooded (less than twice a fair
 * share with two choices), without a clock or a ramp to configure; and even the busiest endpoint still gets some. Any
 * thread.
 */
public final class LeastConnectionsBalancer implements Balancer {
    private static final int LEAST_CHOICES = 2;
    private static final int MOST_CHOICES = 8;

    private final int choices;
    private final Randomness randomness;

    /**
     * @param choices how many are drawn and compared, 2 to 8
     */
    public LeastConnectionsBalancer(int choices, Randomness randomness) {
        if (choices < LEAST_CHOICES || choices > MOST_CHOICES) {
            throw new IllegalArgumentException("choices: " + choices + " (expected: " + range() + ")");
        }
        this.choices = choices;
        this.randomness = randomness;
    }

    private static String range() {
        return "a whole number from " + LEAST_CHOICES + " to " + MOST_CHOICES;
    }

    @Override
    public Picker newPicker(List<Upstream> candidates, Optional<Picker> previous) {
        Upstream[] fixed = candidates.toArray(Upstream[]::new);
        return context -> pick(fixed, context);
    }

    private Optional<Upstream> pick(Upstream[] candidates, PickContext context) {
        int best = Draw.index(candidates, context, randomness);
        if (best == Draw.NONE) {
            return Optional.empty();
        }
        int least = candidates[best].inFlight();
        for (int draw = 1; draw < choices; draw++) {
            int other = Draw.index(candidates, context, randomness);
            if (other == Draw.NONE) {
                break;
            }
            int inFlight = candidates[other].inFlight();
            // Of equals the one drawn first stays, which is any of them as likely: the draws know no order.
            if (inFlight < least) {
                best = other;
                least = inFlight;
            }
        }
        return candidates[best].present();
    }

    /** {@code least-conn}, with the parameter {@code choices}. */
    public static final class Provider implements BalancerProvider {
        private static final String CHOICES = "choices";
        private static final SortedSet<String> PARAMETERS = new TreeSet<>(List.of(CHOICES));

        @Override
        public String name() {
            return "least-conn";
        }

        @Override
        public Optional<String> problem(Map<String, String> parameters) {
            for (String parameter : new TreeSet<>(parameters.keySet())) {
                if (!PARAMETERS.contains(parameter)) {
                    return Optional.of(name() + " has no parameter \"" + parameter + "\" (expected: "
                            + String.join(", ", PARAMETERS) + ")" + Suggestion.nearest(parameter, PARAMETERS)
                                    .map(near -> " - did you mean \"" + near + "\"?").orElse(""));
                }
            }
            String choices = parameters.getOrDefault(CHOICES, "2");
            boolean known = choices.matches("\\d") && Integer.parseInt(choices) >= LEAST_CHOICES
                    && Integer.parseInt(choices) <= MOST_CHOICES;
            return known
                    ? Optional.empty()
                    : Optional.of(name() + " cannot compare \"" + choices + "\" choices (expected: " + range() + ")");
        }

        @Override
        public Balancer create(Map<String, String> parameters, Randomness randomness) {
            return new LeastConnectionsBalancer(Integer.parseInt(parameters.getOrDefault(CHOICES, "2")), randomness);
        }
    }
}
