package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command, in a network namespace that lives as long as a script in it. */
@Timeout(180)
class NodeAddressesTest {
    private static final String SERVICE = """
            apiVersion: fairlead.dev/v1alpha1
            kind: ProxyConfiguration
            serviceAddresses: anyip
            serviceCIDRs: ["10.96.0.0/12"]
            admin: "0.0.0.0:10349"
            nodeAddresses: ["192.168.7.1"]
            services:
            - {name: web, listen: ["10.96.0.10:80", "203.0.113.250:80"], endpoints: ["127.0.0.1:10349"]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: node, namespace: default}
            spec:
              type: NodePort
              clusterIP: 10.96.0.11
              ports: [{name: http, port: 80, nodePort: 30080}]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: node-1, namespace: default, labels: {kubernetes.io/service-name: node}}
            addressType: IPv4
            ports: [{name: http, port: 10349}]
            endpoints: [{addresses: ["192.168.7.1"]}]
            """;

    @TempDir
    Path directory;

    /** What the script says; "FAIRLEAD" in it is the command. */
    private String script(String script) throws IOException, InterruptedException {
        for (String command : List.of("unshare", "ip", "curl", "nft")) {
            Requires.command(command);
        }
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, for a network namespace");
        Path settings = Files.writeString(directory.resolve("fairlead.yaml"), SERVICE);
        String fairlead = String.join(" ", FairleadProcess.command());
        Path commands = Files.writeString(directory.resolve("script"),
                """
                        export PATH=$PATH:/usr/sbin:/sbin
                        start() { FAIRLEAD run -f SETTINGS >> LOG 2>&1 & pid=$!; ready; }
                        ready() {
                          tries=0
                          until curl -fsS -o /dev/null --max-time 1 http://127.0.0.1:10349/readyz 2> LOG.curl; do
                            tries=$((tries + 1)); [ $tries -lt 300 ] || { echo not ready; cat LOG; exit 1; }
                            sleep 0.1
                          done
                        }
                        answers() { curl -fsS -o /dev/null --max-time 5 http://$1/readyz 2> LOG.curl && echo $1 answers || echo $1 does not answer; }
                        ours() { echo "routes $(ip route show table local proto 70 | wc -l), tables $(nft list tables | grep -c fairlead)," \\
                          "arp $(cat /proc/sys/net/ipv4/conf/all/arp_ignore)"; }
                        ip link set lo up
                        ip link add bridge0 type bridge
                        ip link set bridge0 up
                        ip address add 192.168.7.1/24 dev bridge0
                        """
                        .concat(script).replace("FAIRLEAD", fairlead).replace("SETTINGS", settings.toString())
                        .replace("LOG", directory.resolve("log").toString()));
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder("unshare", "--net", "/bin/sh", commands.toString())
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("the script ends; it said: %s", said(out)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return said(out);
    }

    private static String said(Path out) throws IOException {
        return Files.exists(out) ? Files.readString(out) : "";
    }

    @Test
    void addressesAreOwnedWhileItRunsReusedAfterACrashAndGivenBackAtTheEnd() throws Exception {
        String said = script("""
                start
                answers 10.96.0.10
                answers 203.0.113.250
                answers 10.96.0.12
                ours
                kill -9 $pid; wait $pid 2> /dev/null
                ours
                start
                answers 203.0.113.250
                ours
                kill -TERM $pid; wait $pid
                echo ended with $?
                ours
                """);

        assertThat(said.lines()).as(said).containsExactly("10.96.0.10 answers", "203.0.113.250 answers",
                "10.96.0.12 does not answer", "routes 2, tables 1, arp 1", "routes 2, tables 1, arp 1",
                "203.0.113.250 answers", "routes 2, tables 1, arp 1", "ended with 0", "routes 0, tables 0, arp 0");
        assertThat(Files.readString(directory.resolve("log")))
                .contains("addresses  anyip: 10.96.0.0/12, others one by one (as configured)");
    }

    @Test
    void cleanupRemovesWhatACrashLeftAndNodePortsFollowTheInterfaces() throws Exception {
        String said = script(
                """
                        start
                        answers 192.168.7.1:30080
                        answers 127.0.0.1:30080
                        ip address add 192.168.8.1/24 dev bridge0
                        tries=0
                        until answers 192.168.8.1:30080 | grep -q "answers$" || [ $tries -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
                        answers 192.168.8.1:30080
                        answers 10.96.0.11:30080
                        kill -9 $pid; wait $pid 2> /dev/null
                        FAIRLEAD cleanup
                        ours
                        FAIRLEAD cleanup
                        """);

        assertThat(said.lines()).as(said).containsExactly("192.168.7.1:30080 answers", "127.0.0.1:30080 answers",
                "192.168.8.1:30080 answers", "10.96.0.11:30080 does not answer",
                "removed: the route local 10.96.0.0/12 dev lo metric 70 src 192.168.7.1",
                "removed: the route local 203.0.113.250/32 dev lo metric 1000 src 192.168.7.1",
                "restored: net.ipv4.conf.all.arp_ignore and arp_announce are 0 and 0 again",
                "removed: the nftables table inet fairlead", "routes 0, tables 0, arp 0",
                "nothing of Fairlead's is left here");
    }

    @Test
    void whatIsChosenByItselfIsSaidWithItsReason() throws Exception {
        Path cluster = Files.writeString(directory.resolve("cluster.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                kubernetes: {server: "http://127.0.0.1:1"}
                """);
        Requires.command("setpriv");

        String said = script("""
                chosen() {
                  : > LOG.chosen
                  "$@" run -f CLUSTER >> LOG.chosen 2>&1 & pid=$!
                  until grep -q "INFO  addresses" LOG.chosen || ! kill -0 $pid; do sleep 0.1; done
                  grep -o "addresses  .*" LOG.chosen
                  kill -9 $pid; wait $pid 2> /dev/null
                }
                chosen FAIRLEAD
                chosen setpriv --inh-caps -net_admin --bounding-set -net_admin FAIRLEAD
                ours
                """.replace("CLUSTER", cluster.toString()));

        assertThat(said.lines()).as(said).containsExactly(
                "addresses  anyip: one by one, since no serviceCIDRs are configured"
                        + " (a cluster is followed, and NET_ADMIN is held)",
                "addresses  freebind: a cluster is followed, and anyip needs the capability NET_ADMIN;"
                        + " somebody else must bring their packets here",
                "routes 0, tables 0, arp 0");
    }
}
