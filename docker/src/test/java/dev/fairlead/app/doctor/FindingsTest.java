package dev.fairlead.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.doctor.Finding.Grade;
import dev.fairlead.app.takeover.KubeProxyHere;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static MachineFacts facts(long descriptors, long ports, long queue, long buffer, long tracked, long most) {
        return new MachineFacts(OptionalLong.of(descriptors), OptionalLong.of(ports), OptionalLong.of(queue),
                OptionalLong.of(buffer), OptionalLong.of(tracked), OptionalLong.of(most));
    }

    private static KubeProxyHere kubeProxy(OptionalLong process, String... leading) {
        return new KubeProxyHere(process, List.of(leading), false, Optional.empty());
    }

    @Test
    void aRoomyMachineIsFine() {
        assertThat(MachineFindings.of(facts(65_536, 55_000, 4096, 4 << 20, 10, 262_144)))
                .extracting(Finding::grade).hasSize(5).containsOnly(Grade.FINE);
    }

    @Test
    void eachLimitThatIsLowIsSaidWithWhatToDo() {
        List<Finding> findings = MachineFindings.of(facts(1024, 1000, 128, 212_992, 250_000, 262_144));

        assertThat(findings).extracting(Finding::grade)
                .containsExactly(Grade.NOTE, Grade.NOTE, Grade.NOTE, Grade.NOTE, Grade.PROBLEM);
        assertThat(findings).extracting(Finding::todo).noneMatch(String::isEmpty);
        assertThat(findings.getFirst().says()).isEqualTo("1,024: room for 496 connections");
        assertThat(findings.getLast()).isEqualTo(new Finding(Grade.PROBLEM, "conntrack",
                "250,000 of 262,144 tracked connections: when it is full, new connections are dropped",
                "sysctl -w net.netfilter.nf_conntrack_max=524288"));
    }

    @Test
    void whatTheKernelDoesNotSayIsLeftOut() {
        OptionalLong none = OptionalLong.empty();

        assertThat(MachineFindings.of(new MachineFacts(none, none, none, none, none, none)))
                .containsExactly(new Finding(Grade.FINE, "descriptors", "any number", ""));
    }

    @Test
    void aKubeProxyIsInTheWayOfWhoServesWhatItServes() {
        KubeProxyHere here = kubeProxy(OptionalLong.of(7), "9 of iptables-nft");

        assertThat(NodeFindings.kubeProxy(here, true)).extracting(Finding::grade)
                .containsExactly(Grade.PROBLEM, Grade.PROBLEM);
        assertThat(NodeFindings.kubeProxy(here, false)).extracting(Finding::grade)
                .containsExactly(Grade.FINE, Grade.FINE);
        assertThat(NodeFindings.kubeProxy(kubeProxy(OptionalLong.empty()), true)).extracting(Finding::grade)
                .containsExactly(Grade.FINE);
    }

    @Test
    void itsIpvsModeAndWhatCannotBeSeenAreSaid() {
        assertThat(NodeFindings.kubeProxy(new KubeProxyHere(OptionalLong.empty(), List.of(), true,
                Optional.of("the command iptables-save is not installed")), true)).extracting(Finding::says)
                .containsExactly("its ipvs mode is here: the interface kube-ipvs0",
                        "its rules cannot be looked at: the command iptables-save is not installed");
    }

    @Test
    void leftoversAreNobodysOrTheRunningProcesss() {
        List<String> found = List.of("the route local 203.0.113.5", "the nftables table inet fairlead");

        assertThat(NodeFindings.leftovers(List.of(), false).grade()).isEqualTo(Grade.FINE);
        assertThat(NodeFindings.leftovers(found, true).grade()).isEqualTo(Grade.FINE);
        assertThat(NodeFindings.leftovers(found, false)).isEqualTo(new Finding(Grade.NOTE, "leftovers",
                "of a run that was killed, or told to keep it: the route local 203.0.113.5 and 1 more",
                "fairlead cleanup, unless a process runs that does not answer here"));
    }
}
