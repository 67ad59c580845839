package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class KubeJumpsTest {
    @Test
    void whatLeadsNewConnectionsInIsTakenAwayAndTheRestStays() throws IOException {
        String rules = Files.readString(Path.of("src/test/resources/iptables/cluster.ipv4.txt"));

        KubeJumps jumps = KubeJumps.in(rules);

        assertThat(jumps.removal()).isEqualTo(
                """
                        *filter
                        -D INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
                        -D INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
                        -D FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
                        -D FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -D FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
                        -D OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
                        -D OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        COMMIT
                        *nat
                        -D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -D OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        COMMIT
                        """);
        assertThat(jumps.chains()).isEqualTo((int) rules.lines().filter(line -> line.startsWith(":KUBE-")).count());
    }

    @Test
    void aCommentThatSpeaksOfAJumpIsNone() {
        assertThat(KubeJumps.in("""
                *nat
                :PREROUTING ACCEPT [0:0]
                :KUBE-SERVICES - [0:0]
                -A PREROUTING -m comment --comment "not \\" -j KUBE-SERVICES at all" -j CNI-HOSTPORT-DNAT
                -A KUBE-NODEPORTS -j KUBE-SERVICES
                COMMIT
                """).jumps()).isEmpty();
    }

    @Test
    void aTableThatDropsWhatComesInAndOneThatCannotBeShownAreTold() {
        KubeJumps jumps = KubeJumps.in("""
                # Table `nat' is incompatible, use 'nft' tool.
                *filter
                :INPUT DROP [0:0]
                COMMIT
                """);

        assertThat(jumps.strictTables()).containsExactly("filter");
        assertThat(jumps.unreadable()).containsExactly("nat");
        assertThat(jumps.removal()).isEmpty();
    }
}
