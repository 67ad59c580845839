package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The PROXY protocol's other implementations, nginx and HAProxy, at both ends of Fairlead. */
@Timeout(120)
class ProxyProtocolTest {
    @TempDir
    Path directory;

    private final Opened open = new Opened();

    @AfterEach
    void closeAll() throws Exception {
        open.closeAll();
    }

    /** Who asked, as {@code ip:port}, and what the answer's body was. */
    private record Asked(String client, String answer) {
    }

    private static final String HTTP = "GET / HTTP/1.0\r\n\r\n";

    /** Asks from an address of the client's own, where the family has more than one. */
    private static Asked ask(Family family, String address, String request) throws IOException {
        try (Socket client = new Socket()) {
            client.bind(new InetSocketAddress(family.address(), 0));
            client.connect(Addresses.socket(address), 5000);
            client.setSoTimeout(10_000);
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String all = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String ip = family == Family.IPV6 ? "::1" : client.getLocalAddress().getHostAddress();
            return new Asked(Addresses.at(ip, client.getLocalPort()),
                    all.substring(all.indexOf("\r\n\r\n") < 0 ? 0 : all.indexOf("\r\n\r\n") + 4).strip());
        }
    }

    /** Endpoints that answer with both addresses of the header that they were sent. */
    private record Endpoints(String nginxHttp, String nginxStream, String haproxy) {
        List<String> all() {
            return List.of(nginxHttp, nginxStream, haproxy);
        }
    }

    private Endpoints endpoints(Family family) throws IOException {
        Endpoints there = new Endpoints(address(family), address(family), address(family));
        open.keep(ConfiguredServer
                .nginx(directory,
                        """
                                http {
                                  access_log off;
                                  default_type text/plain;
                                  server {
                                    listen %s proxy_protocol;
                                    location / {
                                      return 200 "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port";
                                    }
                                  }
                                }
                                stream {
                                  server {
                                    listen %s proxy_protocol;
                                    return "$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_addr $proxy_protocol_server_port";
                                  }
                                }
                                """
                                .formatted(there.nginxHttp(), there.nginxStream()),
                        there.nginxHttp(), there.nginxStream()));
        open.keep(ConfiguredServer.haproxy(directory,
                """
                        frontend told
                          mode http
                          bind %s accept-proxy
                          http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst] %%[dst_port]"
                        """
                        .formatted(there.haproxy()),
                there.haproxy()));
        return there;
    }

    private static String address(Family family) {
        return Addresses.at(family.address(), family.port(8080));
    }

    private static String service(String name, String listen, String endpoint, String words) {
        return "{name: %s, listen: \"%s\", endpoints: [\"%s\"], %s}".formatted(name, listen, endpoint, words);
    }

    private FairleadProcess fairlead(List<String> services) throws IOException {
        return open.keep(FairleadSetup.in(directory).withSettings("services: [" + String.join(",\n  ", services) + "]")
                .start());
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void nginxAndHaproxyAreToldTheClientInBothVersions(Family family) throws Exception {
        family.required();
        Endpoints there = endpoints(family);
        List<String> services = new ArrayList<>();
        Map<String, String> requests = new LinkedHashMap<>();
        for (String endpoint : there.all()) {
            for (String version : List.of("v1", "v2")) {
                String listen = address(family);
                services.add(service("told-" + services.size(), listen, endpoint, "proxyProtocol: " + version));
                // This one speaks first, and resets whoever has said something by the time that it is done.
                requests.put(listen, endpoint.equals(there.nginxStream()) ? "" : HTTP);
            }
        }
        fairlead(services);

        for (Map.Entry<String, String> each : requests.entrySet()) {
            String address = each.getKey();
            Asked asked = ask(family, address, each.getValue());

            assertThat(asked.answer()).as("%s of %s", address, services)
                    .isEqualTo(words(asked.client()) + " " + words(address));
        }
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void whatNginxAndHaproxySayOfTheirClientsIsBelievedAndPassedOn(Family family) throws Exception {
        family.required();
        Endpoints there = endpoints(family);
        String service = address(family);
        String v1 = address(family);
        String v2 = address(family);
        String checked = address(family);
        String stream = address(family);
        FairleadProcess fairlead = fairlead(List.of(service("told", service, there.haproxy(),
                "proxyProtocol: v2, acceptProxyProtocolFrom: \"127.0.0.1/32,::1/128\"")));
        open.keep(ConfiguredServer.haproxy(directory, """
                listen v1
                  mode tcp
                  bind %s
                  server fairlead %s send-proxy
                listen v2
                  mode tcp
                  bind %s
                  server fairlead %s send-proxy-v2
                listen checked
                  mode tcp
                  bind %s
                  server fairlead %s send-proxy-v2 proxy-v2-options crc32c,unique-id check inter 100ms check-send-proxy
                """.formatted(v1, service, v2, service, checked, service), v1, v2, checked));
        open.keep(ConfiguredServer.nginx(directory, """
                stream {
                  server {
                    listen %s;
                    proxy_pass %s;
                    proxy_protocol on;
                  }
                }
                """.formatted(stream, service), stream));

        for (String balancer : List.of(v1, v2, checked, stream)) {
            Asked asked = ask(family, balancer, HTTP);

            assertThat(asked.answer()).as("through %s", balancer)
                    .isEqualTo(words(asked.client()) + " " + words(balancer));
            await().untilAsserted(() -> assertThat(fairlead.accessLog())
                    .anySatisfy(line -> {
                        assertThat(line.client()).isEqualTo(asked.client());
                        assertThat(line.frontend()).isEqualTo(service);
                        assertThat(line.endpoint()).isEqualTo(there.haproxy());
                    }));
        }
        if (family == Family.IPV4) {
            // Comes from another address than the load balancers.
            Asked direct = ask(family, service, HTTP);
            assertThat(direct.answer()).isEqualTo(words(direct.client()) + " " + words(service));
        }
        assertThat(fairlead.accessLog()).noneMatch(line -> line.end().contains("BAD_HEADER"));
    }

    /** {@code 127.0.0.1:80} as {@code 127.0.0.1 80}. */
    private static String words(String address) {
        int colon = address.lastIndexOf(':');
        return address.substring(0, colon).replace("[", "").replace("]", "") + " " + address.substring(colon + 1);
    }
}
