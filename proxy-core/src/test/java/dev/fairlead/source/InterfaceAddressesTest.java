package dev.fairlead.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServiceSnapshot;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NodePorts where it is known which addresses this machine's interfaces have: theirs count, not the Node object's. */
class InterfaceAddressesTest {
    private static final NodeObject NODE = NodeObject.staying("here", Map.of(),
            List.of(new NodeObject.Address("InternalIP", "192.168.0.1"),
                    new NodeObject.Address("ExternalIP", "198.51.100.1")),
            List.of());
    private static final List<InetAddress> INTERFACES = ips("10.180.1.1", "172.17.0.1", "192.168.0.1");

    private static List<InetAddress> ips(String... addresses) {
        return Stream.of(addresses).map(text -> IpText.parse(text).orElseThrow()).toList();
    }

    private static List<String> nodePorts(ServiceSnapshot snapshot) {
        return snapshot.ports().stream().flatMap(port -> port.frontends().stream())
                .filter(frontend -> frontend.kind() == FrontendKind.NODE_PORT)
                .map(frontend -> IpText.format(frontend.address().ip())).toList();
    }

    private static IncrementalTranslator translator(TranslationSettings settings) {
        IncrementalTranslator translator = new IncrementalTranslator(new PolicyWords(Draft.BALANCERS), settings);
        translator.put(Draft.service().type("NodePort").nodePort(30080).object());
        return translator;
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', value = {
            "nothing said: every interface's, and 127.0.0.1 | '' | 10.180.1.1 127.0.0.1 172.17.0.1 192.168.0.1",
            "a block chooses from the interfaces' | 172.16.0.0/12 | 172.17.0.1",
            "an address of the Node that no interface has is not there to listen at | 198.51.100.0/24 | ''",
            "the primary address is the Node's | primary | 192.168.0.1",
            "words and blocks add up | primary,10.0.0.0/8,localhost | 10.180.1.1 127.0.0.1 192.168.0.1"})
    void theyAreChosenFromTheInterfacesAddresses(String row, String words, String expected) {
        IncrementalTranslator translator = translator(words.isEmpty()
                ? Draft.SETTINGS
                : Draft.nodePortAddresses(words.split(",", -1)));
        translator.put(NODE);
        translator.interfaces(Optional.of(INTERFACES));

        assertThat(String.join(" ", nodePorts(translator.snapshot()))).as(row).isEqualTo(expected);
    }

    @Test
    void noNodeNeedsToBeKnown() {
        IncrementalTranslator translator = translator(Draft.withoutNode());
        translator.interfaces(Optional.of(INTERFACES));

        assertThat(nodePorts(translator.snapshot())).containsExactly("10.180.1.1", "127.0.0.1", "172.17.0.1",
                "192.168.0.1");
    }

    @Test
    void theyFollowTheInterfacesAndTheSameAgainIsTheSameState() {
        IncrementalTranslator translator = translator(Draft.SETTINGS);
        translator.interfaces(Optional.of(ips("192.168.0.1")));
        ServiceSnapshot before = translator.snapshot();
        assertThat(nodePorts(before)).containsExactly("127.0.0.1", "192.168.0.1");

        translator.interfaces(Optional.of(ips("192.168.0.1")));
        assertThat(translator.snapshot()).isSameAs(before);

        translator.interfaces(Optional.of(ips("192.168.0.1", "192.168.0.9")));
        assertThat(nodePorts(translator.snapshot())).containsExactly("127.0.0.1", "192.168.0.1", "192.168.0.9");

        translator.interfaces(Optional.of(List.of()));
        assertThat(nodePorts(translator.snapshot())).isEmpty();
        assertThat(translator.snapshot().notes())
                .anyMatch(
                        note -> note.startsWith("NodePorts are not served, since this node's addresses are not known"));
    }
}
