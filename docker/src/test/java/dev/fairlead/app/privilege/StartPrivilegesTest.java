package dev.fairlead.app.privilege;

import static dev.fairlead.app.privilege.Feature.LOW_PORTS;
import static dev.fairlead.app.privilege.Feature.ONE_DOOR;
import static dev.fairlead.app.privilege.Feature.SILENT_DROP;
import static dev.fairlead.app.privilege.Feature.TRANSPARENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.config.ProxyConfig.PrivilegeChoice;
import dev.fairlead.transport.linux.Capability;
import dev.fairlead.transport.linux.Privileges.GivenUp;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartPrivilegesTest {
    private static final Needs NEEDS = new Needs(EnumSet.of(LOW_PORTS, ONE_DOOR, SILENT_DROP),
            EnumSet.of(TRANSPARENT));

    private static Set<Capability> all() {
        return EnumSet.allOf(Capability.class);
    }

    @Test
    void whatIsNeededOrMayBeIsKeptIfItIsHeld() {
        assertThat(StartPrivileges.uses(NEEDS, all())).isEqualTo(Map.of(Capability.NET_BIND_SERVICE,
                List.of("low ports"), Capability.NET_ADMIN, List.of("one door", "silent drop", "transparent"),
                Capability.BPF, List.of("one door")));
        assertThat(StartPrivileges.uses(NEEDS, Set.of(Capability.BPF))).isEmpty();
        assertThat(StartPrivileges.uses(new Needs(Set.of(), Set.of()), all())).isEmpty();
    }

    @Test
    void whatServesInPlaceOfOthersIsKeptOnlyWhereTheyAreMissing() {
        assertThat(StartPrivileges.uses(NEEDS, EnumSet.of(Capability.SYS_ADMIN, Capability.BPF)))
                .isEqualTo(Map.of(Capability.SYS_ADMIN, List.of("one door")));
        assertThat(StartPrivileges.missing(EnumSet.of(ONE_DOOR), Set.of(Capability.SYS_ADMIN))).isEmpty();
    }

    @Test
    void aLineSaysAllThatTheSameMissingOnesCost() {
        assertThat(StartPrivileges.missing(EnumSet.of(LOW_PORTS, ONE_DOOR, SILENT_DROP, TRANSPARENT),
                Set.of(Capability.NET_BIND_SERVICE))).containsExactly(
                        "without NET_ADMIN and BPF: each address has a listening socket of its own, which a process at"
                                + " 0.0.0.0 keeps from opening (a pod is given it by"
                                + " securityContext.capabilities.add: [NET_ADMIN, BPF])",
                        "without NET_ADMIN: TCP clients that a Service's policy leaves without an answer are accepted"
                                + " and reset; endpoints see this node's address and not their clients' (a pod is"
                                + " given it by securityContext.capabilities.add: [NET_ADMIN])");
        assertThat(StartPrivileges.missing(EnumSet.allOf(Feature.class), all())).isEmpty();
    }

    @Test
    void theFirstLineSaysWhatIsKeptAndHowManyWereGivenUp() {
        GivenUp one = new GivenUp(1, Optional.empty());
        GivenUp many = new GivenUp(38, Optional.empty());

        assertThat(StartPrivileges.words(PrivilegeChoice.NEEDED, Map.of(Capability.BPF, List.of("one door")), true,
                many))
                .isEqualTo("BPF (one door); 38 were given up, for which there is no use");
        assertThat(StartPrivileges.words(PrivilegeChoice.NEEDED, Map.of(), true, one))
                .isEqualTo("none, and none is needed; 1 was given up, for which there is no use");
        assertThat(StartPrivileges.words(PrivilegeChoice.NEEDED, Map.of(), true, GivenUp.NOTHING))
                .isEqualTo("none, and none is needed");
        assertThat(StartPrivileges.words(PrivilegeChoice.NEEDED, Map.of(), false, one))
                .isEqualTo("none of those that are needed; 1 was given up, for which there is no use");
        assertThat(StartPrivileges.words(PrivilegeChoice.NONE, Map.of(), true, many))
                .isEqualTo("none, as configured; 38 were given up");
        assertThat(StartPrivileges.words(PrivilegeChoice.NONE, Map.of(), true, GivenUp.NOTHING))
                .isEqualTo("none, as configured");
    }
}
