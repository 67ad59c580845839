package dev.fairlead.balance;

import dev.fairlead.transport.Randomness;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Endpoints take turns. While nobody is excluded, any {@code n * k} connections in a row give each of {@code n}
 * endpoints exactly {@code k}, however many loops pick at once.
 * <p>
 * The rotation is handed on from picker to picker, so an endpoint update does not send everybody to the first endpoint
 * again; and it starts at a random place, so many proxies do not begin with the same endpoint. Any thread.
 */
public final class RoundRobinBalancer implements Balancer {
    private final Randomness randomness;

    public RoundRobinBalancer(Randomness randomness) {
        this.randomness = randomness;
    }

    @Override
    public Picker newPicker(List<Upstream> candidates, Optional<Picker> previous) {
        return new Turns(candidates.toArray(Upstream[]::new), previous.map(StickyPicker::beneath)
                .flatMap(RoundRobinBalancer::rotation).orElseGet(this::somewhere));
    }

    private static Optional<Rotation> rotation(Picker picker) {
        return picker instanceof Turns turns ? Optional.of(turns.rotation) : Optional.empty();
    }

    private Rotation somewhere() {
        return new Rotation(randomness.nextInt(Integer.MAX_VALUE));
    }

    /** Whose turn it is. Shared by a picker and those that replaced it. */
    static final class Rotation {
        private final AtomicInteger position;

        /**
         * @param start 0 or more; taken modulo the number of candidates
         */
        Rotation(int start) {
            this.position = new AtomicInteger(start);
        }

        /**
         * The next index. The position stays below the number of candidates instead of counting for ever, for two
         * reasons: there is no overflow, at which the turns would not come out even; and where the number changes, the
         * rotation goes on beside where it was.
         */
        int next(int candidates) {
            while (true) {
                int at = position.get();
                int index = at % candidates;
                int next = index + 1 == candidates ? 0 : index + 1;
                if (position.compareAndSet(at, next)) {
                    return index;
                }
            }
        }
    }

    /** A picker. */
    static final class Turns implements Picker {
        private final Upstream[] candidates;
        private final Rotation rotation;

        Turns(Upstream[] candidates, Rotation rotation) {
            this.candidates = candidates;
            this.rotation = rotation;
        }

        @Override
        public Optional<Upstream> pick(PickContext context) {
            return switch (candidates.length) {
                case 0 -> Optional.empty();
                // One endpoint needs no turns; a position kept is a place to go on from when there are more again.
                case 1 -> context.excluded(candidates[0]) ? Optional.empty() : candidates[0].present();
                default -> next(context);
            };
        }

        private Optional<Upstream> next(PickContext context) {
            int index = 0;
            // Who is excluded loses this turn to whoever has the next one. Giving it to the neighbour in the list
            // instead would give that one neighbour two shares for as long as the exclusion lasts.
            for (int turn = 0; turn < candidates.length; turn++) {
                index = rotation.next(candidates.length);
                if (!context.excluded(candidates[index])) {
                    return candidates[index].present();
                }
            }
            // Other loops may have had the turns of those that are not excluded, so ask everybody once.
            for (int step = 1; step < candidates.length; step++) {
                Upstream candidate = candidates[(index + step) % candidates.length];
                if (!context.excluded(candidate)) {
                    return candidate.present();
                }
            }
            return Optional.empty();
        }
    }

    /** {@code round-robin}. */
    public static final class Provider implements BalancerProvider {
        @Override
        public String name() {
            return "round-robin";
        }

        @Override
        public Balancer create(Map<String, String> parameters, Randomness randomness) {
            return new RoundRobinBalancer(randomness);
        }
    }
}
