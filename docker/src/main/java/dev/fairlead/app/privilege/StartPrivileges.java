package dev.fairlead.app.privilege;

import dev.fairlead.app.privilege.Needs.Services;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.PrivilegeChoice;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.transport.linux.Capability;
import dev.fairlead.transport.linux.Privileges.GivenUp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run keeps of the privileges it was started with, said in the log, and what becomes known later to be missing.
 * docs/decisions/0021.
 */
public final class StartPrivileges {
    private static final Logger LOG = LoggerFactory.getLogger(StartPrivileges.class);

    private final Services services;
    private final MachineLimits anybody;
    private final Set<Capability> kept;
    private final Set<Feature> said = EnumSet.noneOf(Feature.class);

    private StartPrivileges(Services services, MachineLimits anybody, Set<Capability> kept) {
        this.services = services;
        this.anybody = anybody;
        this.kept = kept;
    }

    /**
     * Gives up whatever the configuration has no use for. What asks the kernel for something that takes a privilege
     * comes after this, and does not ask where that is not held.
     *
     * @param files what is read, and followed
     */
    public static StartPrivileges settle(ProcessPrivileges process, ProxyConfig settings, ServiceSnapshot snapshot,
            FollowedFiles files) {
        Services services = files.paths().isEmpty() && settings.kubernetes().isEmpty()
                ? Services.FIXED
                : Services.FOLLOWED;
        MachineLimits anybody = MachineLimits.now();
        Needs found = Needs.of(settings, snapshot, services, anybody);
        Set<Capability> held = process.held();
        Needs needs = files.areOthers(held) ? found.with(Feature.FILES) : found;
        Map<Capability, List<String>> uses = settings.privileges() == PrivilegeChoice.NONE
                ? Map.of()
                : uses(needs, held);
        StartPrivileges start = new StartPrivileges(services, anybody, Set.copyOf(uses.keySet()));
        GivenUp given = process.keepOnly(start.kept);
        LOG.info("privileges {}",
                words(settings.privileges(), uses, missing(needs.now(), start.kept).isEmpty(), given));
        given.remains().ifPresent(left -> LOG.warn("privileges that were given up: {}", left));
        start.tellMissing(settings.privileges(), needs.now());
        return start;
    }

    /** The settings and services are others now. */
    public synchronized void changed(ProxyConfig settings, ServiceSnapshot snapshot) {
        tellMissing(settings.privileges(), Needs.of(settings, snapshot, services, anybody).now());
    }

    private void tellMissing(PrivilegeChoice choice, Set<Feature> wanted) {
        Set<Feature> news = EnumSet.noneOf(Feature.class);
        wanted.stream().filter(feature -> !said.contains(feature)).forEach(news::add);
        said.addAll(news);
        for (String line : missing(news, kept)) {
            switch (choice) {
                case NEEDED -> LOG.warn("privileges {}", line);
                case NONE -> LOG.info("privileges {}", line);
            }
        }
    }

    /**
     * What a start with this configuration would say is missing, a line each.
     *
     * @param held capabilities that are in force
     */
    public static List<String> lacking(ProxyConfig settings, ServiceSnapshot snapshot, Set<Capability> held) {
        return missing(Needs.of(settings, snapshot, Services.FOLLOWED, MachineLimits.now()).now(), held);
    }

    /** Each capability that is held and has a use, and its uses. */
    static Map<Capability, List<String>> uses(Needs needs, Set<Capability> held) {
        Map<Capability, List<String>> uses = new LinkedHashMap<>();
        for (Feature feature : needs.ever()) {
            feature.by(held).ifPresent(way -> way.forEach(
                    capability -> uses.computeIfAbsent(capability, _ -> new ArrayList<>()).add(feature.word())));
        }
        return uses;
    }

    /** A line for all that lacks the same. */
    static List<String> missing(Set<Feature> wanted, Set<Capability> held) {
        Map<Set<Capability>, List<Feature>> without = new LinkedHashMap<>();
        for (Feature feature : wanted) {
            Set<Capability> missing = feature.missing(held);
            if (!missing.isEmpty()) {
                without.computeIfAbsent(missing, _ -> new ArrayList<>()).add(feature);
            }
        }
        return without.entrySet().stream().map(entry -> "without " + names(entry.getKey(), " and ") + ": "
                + entry.getValue().stream().map(Feature::cost).collect(Collectors.joining("; "))
                + " (a pod is given it by securityContext.capabilities.add: [" + names(entry.getKey(), ", ") + "])")
                .toList();
    }

    /** @param enough whether what is held is all that there is a use for now */
    static String words(PrivilegeChoice choice, Map<Capability, List<String>> uses, boolean enough, GivenUp given) {
        String others = given.count() + (given.count() == 1 ? " was" : " were") + " given up";
        if (choice == PrivilegeChoice.NONE) {
            return "none, as configured" + (given.count() == 0 ? "" : "; " + others);
        }
        String none = enough ? "none, and none is needed" : "none of those that are needed";
        String held = uses.isEmpty()
                ? none
                : uses.entrySet().stream().map(use -> use.getKey() + " (" + String.join(", ", use.getValue()) + ")")
                        .collect(Collectors.joining(", "));
        return held + (given.count() == 0 ? "" : "; " + others + ", for which there is no use");
    }

    private static String names(Set<Capability> set, String between) {
        return set.stream().map(Capability::name).collect(Collectors.joining(between));
    }
}
