package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node whose port 80 belongs to an ingress of the host network, as real processes in a network namespace that lives
 * as long as one script.
 */
class OneDoorTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    @BeforeEach
    void needs() throws Exception {
        Requires.nginx();
        Requires.curl();
        Requires.command("ip");
        Requires.command("setpriv");
        assumeTrue(new ProcessBuilder(Requires.command("unshare").toString(), "--net", "true").start().waitFor() == 0,
                "needs the right to make a network namespace");
    }

    /** What a script says inside a new namespace, with Fairlead's command line as its arguments. */
    private List<String> said(String oneDoor, String script) throws IOException, InterruptedException {
        Path nginx = Files.writeString(directory.resolve("nginx.conf"), """
                user root;
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events { worker_connections 64; }
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server { listen 0.0.0.0:80; listen 0.0.0.0:22; return 200 "ingress\\n"; }
                  server { listen 127.0.0.1:8080; return 200 "pod\\n"; }
                }
                """);
        Path configuration = Files.writeString(directory.resolve("fairlead.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                logging: {accessLog: off}
                serviceCIDRs: [10.96.0.0/12]
                oneDoor: "%s"
                drain: {deadline: 0s}
                services:
                - {name: web, listen: "10.96.0.10:80", endpoints: ["127.0.0.1:8080"]}
                """.formatted(oneDoor));
        Path file = Files.writeString(directory.resolve("script"),
                """
                        ip link set lo up
                        ip route add local 10.96.0.0/12 dev lo
                        log=%1$s/fairlead.log
                        ask() { echo "$1: $(curl -s --max-time 10 "http://$1/" || echo "curl $?")"; }
                        fairlead() {
                          "$@" > "$log" 2>&1 &
                          fairlead=$!
                          until curl -s -o /dev/null --fail http://127.0.0.1:10349/readyz || ! kill -0 "$fairlead" 2> /dev/null; do
                            sleep 0.1
                          done
                        }
                        nginx -p %1$s -c %2$s -e %1$s/error.log &
                        nginx=$!
                        until curl -s -o /dev/null http://127.0.0.1:8080/; do kill -0 "$nginx" || exit 1; sleep 0.1; done
                        %3$s
                        kill "$nginx"
                        wait "$nginx"
                        """
                        .formatted(directory, nginx, script));
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "sh", file.toString()));
        command.addAll(FairleadProcess.command("run", "-f", configuration.toString()));
        Path out = directory.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("done in time").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readAllLines(out);
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("fairlead.log"));
    }

    @Test
    void anIngressOnPort80AndAServiceOnPort80LiveSideBySideThroughACrashAndToTheEnd() throws Exception {
        List<String> said = said("on", """
                fairlead "$@"
                ask 10.96.0.10
                ask 127.0.0.1
                ask 10.96.0.10:22
                ask 10.96.0.99
                kill -KILL "$fairlead"
                wait "$fairlead" 2> /dev/null
                ask 10.96.0.10
                fairlead "$@"
                ask 10.96.0.10
                kill -TERM "$fairlead"
                wait "$fairlead"
                echo "fairlead ended: $?"
                ask 10.96.0.10
                ask 10.96.0.10:22
                """);

        assertThat(said).as("Fairlead said: %s", log()).filteredOn(line -> !line.contains("Killed")).containsExactly(
                "10.96.0.10: pod", "127.0.0.1: ingress", "10.96.0.10:22: curl 7", "10.96.0.99: curl 7",
                "10.96.0.10: ingress", // nobody is left who steers
                "10.96.0.10: pod", "fairlead ended: 0", "10.96.0.10: ingress", "10.96.0.10:22: ingress");
        assertThat(log()).contains("doors      one for all TCP addresses, ", " descriptors: room for ");
    }

    @Test
    void withoutTheOneDoorThatServiceAloneDoesNotOpenAndTheLogSaysWhy() throws Exception {
        List<String> said = said("off", """
                fairlead "$@"
                wait "$fairlead"
                echo "fairlead ended: $?"
                """);

        assertThat(said).containsExactly("fairlead ended: 1");
        assertThat(log()).contains("doors      a listening socket for each address (as configured); ", " doors",
                "Address already in use");
    }

    @Test
    void whereItWasAskedForAndTheCapabilitiesAreMissingTheStartFailsAndSaysWhich() throws Exception {
        List<String> said = said("on", """
                fairlead setpriv --bounding-set -bpf,-sys_admin --inh-caps -bpf,-sys_admin "$@"
                wait "$fairlead"
                echo "fairlead ended: $?"
                """);

        assertThat(said).containsExactly("fairlead ended: 1");
        assertThat(log()).contains(
                "the one door cannot be had here: it takes the capabilities NET_ADMIN and BPF, and this process lacks BPF");
    }
}
