package dev.fairlead.listen;

import static dev.fairlead.listen.Station.Meets.NOBODY;
import static dev.fairlead.listen.Station.Meets.SOMEBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.model.Cidr;
import dev.fairlead.transport.linux.NetworkNamespace;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a process of the node that listens at every address answers at those of Services. */
@Timeout(120)
class NftOtherPortsTest {
    private static final List<Cidr> BLOCKS = Stream.of("10.96.0.0/12", "fd00:96::/108")
            .map(text -> Cidr.parse(text).orElseThrow()).toList();
    private static final List<String> VIPS = List.of("10.96.0.10", "[fd00:96::a]", "203.0.113.250",
            "[2001:db8::250]");
    private static final List<String> NODE = List.of("192.168.7.1", "[fd00:7::1]");

    private final Station station = new Station();
    private final NetworkNamespace node = station.node;

    NftOtherPortsTest() throws Exception {
    }

    @AfterEach
    void close() {
        station.close();
    }

    private static NftOtherPorts refusing() {
        assumeTrue(NftOtherPorts.command().isPresent(), "needs the command nft, which is not installed");
        return new NftOtherPorts(NftOtherPorts.command().orElseThrow(), BLOCKS);
    }

    private void services(OtherPorts others) throws Exception {
        NodeBinder binder = station.closing(
                NodeBinder.open(station, others, false, BLOCKS.stream().map(Cidr::toString).toArray(String[]::new)));
        for (String vip : VIPS) {
            binder.listen(vip + ":80");
        }
    }

    private void hostProcesses(String anyAddress) throws Exception {
        station.listen(anyAddress + ":2222");
        station.echo(node, anyAddress + ":2222");
    }

    @Test
    void withoutTheRuleTheyDo() throws Exception {
        hostProcesses("[::]");
        services(OtherPorts.ANSWER);

        for (String vip : VIPS) {
            assertThat(Station.tcp(station.pod, vip + ":2222")).as(vip).isEqualTo(SOMEBODY);
            assertThat(Station.tcp(node, vip + ":2222")).as(vip).isEqualTo(SOMEBODY);
        }
    }

    @Test
    void withTheRuleTheyDoNotWhileTheNodesOwnAddressesAndTheServicesPortsAnswer() throws Exception {
        hostProcesses("[::]");
        NftOtherPorts others = refusing();
        node.inside(() -> {
            others.install();
            return others;
        });
        services(others);

        for (NetworkNamespace from : List.of(station.pod, node)) {
            for (String vip : VIPS) {
                assertThat(Station.tcp(from, vip + ":2222")).as(vip).isEqualTo(NOBODY);
                assertThat(Station.udp(from, vip + ":2222")).as(vip).isEqualTo(NOBODY);
                assertThat(Station.tcp(from, vip + ":80")).as(vip).isEqualTo(SOMEBODY);
            }
            for (String own : NODE) {
                assertThat(Station.tcp(from, own + ":2222")).as(own).isEqualTo(SOMEBODY);
                assertThat(Station.udp(from, own + ":2222")).as(own).isEqualTo(SOMEBODY);
            }
        }
    }

    @Test
    void theRuleGoesWithTheAddressAndTheTableWithTheBinder() throws Exception {
        NftOtherPorts others = refusing();
        try (NodeBinder binder = NodeBinder.open(station, others, false)) {
            assertThat(node.run("nft list ruleset")).isEmpty();

            Lease four = binder.acquire("203.0.113.250:80");
            Lease six = binder.acquire("[2001:db8::250]:80");
            assertThat(node.run("nft list table inet fairlead")).contains("203.0.113.250", "2001:db8::250");
            binder.release(four);
            binder.release(six);
            assertThat(node.run("nft list table inet fairlead")).doesNotContain("203.0.113.250", "2001:db8::250");
        }
        assertThat(node.run("nft list ruleset")).isEmpty();
    }

    @Test
    void cleanupRemovesTheTableOfACrashedRunAndNoOther() throws Exception {
        node.run("nft add table inet other");
        NftOtherPorts crashed = refusing();
        node.inside(() -> {
            crashed.install();
            return crashed;
        });

        assertThat(node.inside(Cleanup::run)).containsExactly("removed: the nftables table inet fairlead");
        assertThat(node.run("nft list tables").strip()).isEqualTo("table inet other");
    }
}
