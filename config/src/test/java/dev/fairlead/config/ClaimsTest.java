package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which Services want the same door, beyond what the golden of that name shows. */
class ClaimsTest {
    private static String service(String name, String spec) {
        return "---\napiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\nspec: {" + spec + "}\n";
    }

    private static List<String> problems(String... services) {
        return Reading.problems(String.join("", services));
    }

    @Test
    void aWildcardHoldsItsPortOnEachAddressOfItsFamily() {
        assertThat(problems(service("all", "clusterIP: 0.0.0.0, ports: [{port: 80}]"),
                service("one", "clusterIP: 127.0.0.1, ports: [{port: 80}]"),
                service("six", "clusterIP: \"::1\", ports: [{port: 80}]"),
                service("other", "clusterIP: 127.0.0.1, ports: [{port: 81}]")))
                .containsExactly("a.yaml:10:45: spec.ports[0].port: TCP 127.0.0.1:80 is already taken by TCP 0.0.0.0:80"
                        + " of Service default/all (spec.ports[0].port at a.yaml:5:43)");
    }

    @Test
    void addressesAreComparedByWhatTheyMean() {
        assertThat(problems(service("one", "clusterIP: \"fd00::1\", ports: [{port: 80}]"),
                service("two", "clusterIP: \"FD00:0:0::0001\", ports: [{port: 80}]"))).hasSize(1);
        assertThat(problems(service("one", "clusterIP: 10.96.0.41, ports: [{port: 80}]"),
                service("two", "clusterIP: 10.96.0.041, ports: [{port: 80}]"))).hasSize(1);
    }

    @Test
    void eachFamilyOfADualStackServiceIsCompared() {
        assertThat(problems(
                service("one", "clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, \"fd00::1\"], ports: [{port: 80}]"),
                service("two", "clusterIP: \"fd00::1\", clusterIPs: [\"fd00::1\", 10.96.0.2], ports: [{port: 80}]")))
                .containsExactly("a.yaml:10:81: spec.ports[0].port: TCP [fd00::1]:80 is already taken by Service"
                        + " default/one (spec.ports[0].port at a.yaml:5:81)");
    }

    @Test
    void anExternalIpOfAFamilyThatTheServiceHasNotIsNotProxiedAndSoNotTaken() {
        assertThat(problems(
                service("one", "clusterIP: 10.96.0.1, externalIPs: [\"2001:db8::1\"], ports: [{port: 80}]"),
                service("two", "clusterIP: \"fd00::1\", externalIPs: [\"2001:db8::1\"], ports: [{port: 80}]")))
                .isEmpty();
    }

    @Test
    void servicesThatAreNotProxiedTakeNothing() {
        assertThat(
                problems(service("one", "clusterIP: 10.96.0.1, type: NodePort, ports: [{port: 80, nodePort: 30080}]"),
                        service("name",
                                "type: ExternalName, clusterIP: 10.96.0.1, ports: [{port: 80, nodePort: 30080}]"),
                        service("none", "clusterIP: None, ports: [{port: 80, nodePort: 30080}]"),
                        service("unset", "ports: [{port: 80, nodePort: 30080}]")))
                .isEmpty();
    }

    @Test
    void loadBalancersMayShareAnAddress() {
        String status = "status: {loadBalancer: {ingress: [{ip: 198.51.100.1}]}}\n";

        assertThat(problems(service("one", "clusterIP: 10.96.0.1, ports: [{port: 80}]") + status,
                service("two", "clusterIP: 10.96.0.2, ports: [{port: 80}]") + status)).isEmpty();
    }

    @Test
    void theTakerThatComesFirstInTheTextsIsNamed() {
        String laptop = Reading
                .configuration("services: [{name: web, listen: \"10.96.0.1:80\", endpoints: []}]\n");

        assertThat(Reading.problems(service("api", "clusterIP: 10.96.0.1, ports: [{port: 80}]"), laptop))
                .containsExactly("b.yaml:3:32: services[0].listen: TCP 10.96.0.1:80 is already taken by Service"
                        + " default/api (spec.ports[0].port at a.yaml:5:45)");
        assertThat(Reading.problems(laptop, service("api", "clusterIP: 10.96.0.1, ports: [{port: 80}]")))
                .containsExactly("b.yaml:5:45: spec.ports[0].port: TCP 10.96.0.1:80 is already taken by Service"
                        + " default/web (services[0].listen at a.yaml:3:32)");
    }
}
