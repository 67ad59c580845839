package dev.fairlead.balance;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.Suggestion;
import dev.fairlead.transport.Randomness;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Every balancer on the class path, by name. Immutable. */
public final class Balancers implements KnownBalancers {
    /** The system property that says that there are no balancers but Fairlead's own. */
    public static final String OWN_ONLY = "fairlead.ownBalancersOnly";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    // A loader that cannot even list its files says so for ever.
    private static final int MOST_FAILURES = 100;

    private final SortedMap<String, BalancerProvider> providers = new TreeMap<>();
    private final Set<String> faults = new LinkedHashSet<>();

    private Balancers(Iterator<BalancerProvider> found) {
        int failures = 0;
        boolean more = true;
        while (more && failures < MOST_FAILURES) {
            try {
                more = found.hasNext();
                if (more) {
                    add(found.next());
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException fault) {
                // Somebody else's jar: whatever is wrong with it is no reason to do without the others.
                failures++;
                faults.add("a balancer cannot be loaded and is left out: " + words(fault));
            }
        }
    }

    private static String words(Throwable fault) {
        String own = fault instanceof ServiceConfigurationError && fault.getMessage() != null
                ? fault.getMessage()
                : fault.toString();
        return fault.getCause() == null ? own : own + ": " + fault.getCause();
    }

    private void add(BalancerProvider provider) {
        String name = provider.name();
        String who = provider.getClass().getName();
        if (!NAME.matcher(name).matches()) {
            faults.add("balancer \"" + name + "\" of " + who
                    + " is left out: its name cannot be configured (expected: lower case words joined by hyphens)");
            return;
        }
        BalancerProvider first = providers.putIfAbsent(name, provider);
        if (first != null) {
            faults.add("balancer \"" + name + "\" of " + who + " is left out: " + first.getClass().getName()
                    + " has that name and came first");
        }
    }

    /**
     * Those on Fairlead's own class path. A look into every jar takes longer than all else at a start; whoever knows
     * that nobody added a jar says so by the system property {@value #OWN_ONLY}, set to true.
     */
    public static Balancers installed() {
        return Boolean.getBoolean(OWN_ONLY) ? own() : visibleTo(Balancers.class.getClassLoader());
    }

    /** Those that Fairlead brings. */
    static Balancers own() {
        return new Balancers(List.<BalancerProvider>of(new RandomBalancer.Provider(), new RoundRobinBalancer.Provider(),
                new LeastConnectionsBalancer.Provider(), new SourceHashBalancer.Provider()).iterator());
    }

    /** Those that a class loader finds. */
    public static Balancers visibleTo(ClassLoader loader) {
        return new Balancers(ServiceLoader.load(BalancerProvider.class, loader).iterator());
    }

    /** What was found and left out, and why, in words for a reader; mostly empty. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(providers.keySet()));
    }

    @Override
    public Optional<String> problem(BalancerChoice choice) {
        BalancerProvider provider = providers.get(choice.name());
        return provider == null ? Optional.of(unknown(choice.name())) : provider.problem(choice.parameters());
    }

    private String unknown(String name) {
        return "unknown balancer \"" + name + "\" (expected: one of " + String.join(", ", names()) + ")" + Suggestion
                .nearest(name, names()).map(near -> " - did you mean \"" + near + "\"?").orElse("");
    }

    /**
     * A balancer for one service port and scope.
     *
     * @throws IllegalArgumentException where the choice has a {@link #problem}, saying which
     */
    public Balancer create(BalancerChoice choice, Randomness randomness) {
        BalancerProvider provider = providers.get(choice.name());
        if (provider == null) {
            throw new IllegalArgumentException(unknown(choice.name()));
        }
        provider.problem(choice.parameters()).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return provider.create(choice.parameters(), randomness);
    }
}
