package dev.fairlead.app.iptables;

import static dev.fairlead.app.iptables.TableText.comment;

import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The rules that kube-proxy's iptables mode (about 1.31 to 1.34) would have for a snapshot, as iptables-restore reads
 * them: tables filter and nat, the jumps from the kernel's own chains included. The facts are those of
 * iptables/proxier.go; its nfacct counters are left out, which it only uses where the kernel has them, and an address
 * that two service ports ask for is given to the one that Fairlead would give it to.
 */
public final class IptablesText {
    private static final String MASQUERADE_MARK = "0x4000";
    private static final String NEW = "-m conntrack --ctstate NEW";

    /** Above so many endpoints kube-proxy leaves out the comments of its many small chains. */
    private static final int LARGE_CLUSTER = 1000;

    private final ServiceSnapshot snapshot;
    private final IpFamily family;
    private final NodePortHook nodePorts;
    private final TableText filter = new TableText("filter");
    private final TableText nat = new TableText("nat");

    private IptablesText(ServiceSnapshot snapshot, IpFamily family, NodePortHook nodePorts) {
        this.snapshot = snapshot;
        this.family = family;
        this.nodePorts = nodePorts;
    }

    /** The rules of one family, where NodePorts are on all addresses of the node. */
    public static String of(ServiceSnapshot snapshot, IpFamily family) {
        return of(snapshot, family, new NodePortHook(true, family == IpFamily.IPV4, List.of()));
    }

    /** The rules of one family. */
    public static String of(ServiceSnapshot snapshot, IpFamily family, NodePortHook nodePorts) {
        return new IptablesText(snapshot, family, nodePorts).document();
    }

    private String document() {
        List<ServicePort> ports = snapshot.ports().stream().filter(port -> port.name().family() == family).toList();
        filterChains();
        natChains();
        boolean large = ports.stream().mapToInt(port -> port.endpoints().size()).sum() > LARGE_CLUSTER;
        boolean nodeKnown = ports.stream().flatMap(port -> port.frontends().stream())
                .anyMatch(frontend -> frontend.kind() == FrontendKind.NODE_PORT);
        for (ServicePort port : ports) {
            new ServiceRules(snapshot, port, Doors.of(port, nodeKnown), !large).writeTo(filter, nat);
        }
        nodePortHook();
        forwardRules();
        StringBuilder text = new StringBuilder();
        text.append("# ").append(family).append(": what kube-proxy would have for these ").append(ports.size())
                .append(" service ports\n");
        int others = snapshot.ports().size() - ports.size();
        if (others > 0) {
            IpFamily other = family == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4;
            text.append("# ").append(other).append(": ").append(others).append(" more, with --family ")
                    .append(other.toString().toLowerCase(Locale.ROOT)).append('\n');
        }
        filter.printTo(text);
        nat.printTo(text);
        return text.toString();
    }

    private void filterChains() {
        Stream.of("INPUT", "FORWARD", "OUTPUT").forEach(filter::builtIn);
        Stream.of(KubeChain.SERVICES, KubeChain.EXTERNAL_SERVICES, KubeChain.FORWARD, KubeChain.NODE_PORTS,
                KubeChain.PROXY_FIREWALL, KubeChain.FIREWALL).forEach(filter::chain);
        String firewall = comment("kubernetes load balancer firewall");
        String portals = comment("kubernetes service portals");
        String external = comment("kubernetes externally-visible service portals");
        filter.rule("INPUT", jump(KubeChain.FIREWALL));
        filter.rule("INPUT", NEW, firewall, jump(KubeChain.PROXY_FIREWALL));
        filter.rule("INPUT", comment("kubernetes health check service ports"), jump(KubeChain.NODE_PORTS));
        filter.rule("INPUT", NEW, external, jump(KubeChain.EXTERNAL_SERVICES));
        filter.rule("FORWARD", NEW, firewall, jump(KubeChain.PROXY_FIREWALL));
        filter.rule("FORWARD", comment("kubernetes forwarding rules"), jump(KubeChain.FORWARD));
        filter.rule("FORWARD", NEW, portals, jump(KubeChain.SERVICES));
        filter.rule("FORWARD", NEW, external, jump(KubeChain.EXTERNAL_SERVICES));
        filter.rule("OUTPUT", jump(KubeChain.FIREWALL));
        filter.rule("OUTPUT", NEW, firewall, jump(KubeChain.PROXY_FIREWALL));
        filter.rule("OUTPUT", NEW, portals, jump(KubeChain.SERVICES));
        if (nodePorts.localhost()) {
            // Serving 127.0.0.1 needs route_localnet, which would let neighbours in without this.
            filter.rule(KubeChain.FIREWALL, comment("block incoming localnet connections"), "-d 127.0.0.0/8",
                    "! -s 127.0.0.0/8", "-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT", jump("DROP"));
        }
    }

    private void natChains() {
        Stream.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING").forEach(nat::builtIn);
        Stream.of(KubeChain.SERVICES, KubeChain.NODE_PORTS, KubeChain.POSTROUTING, KubeChain.MARK_MASQ)
                .forEach(nat::chain);
        String portals = comment("kubernetes service portals");
        nat.rule("PREROUTING", portals, jump(KubeChain.SERVICES));
        nat.rule("OUTPUT", portals, jump(KubeChain.SERVICES));
        nat.rule("POSTROUTING", comment("kubernetes postrouting rules"), jump(KubeChain.POSTROUTING));
        nat.rule(KubeChain.POSTROUTING, "-m mark ! --mark " + MASQUERADE_MARK + "/" + MASQUERADE_MARK,
                jump("RETURN"));
        nat.rule(KubeChain.POSTROUTING, jump("MARK"), "--xor-mark " + MASQUERADE_MARK);
        nat.rule(KubeChain.POSTROUTING, comment("kubernetes service traffic requiring SNAT"), jump("MASQUERADE"),
                "--random-fully");
        nat.rule(KubeChain.MARK_MASQ, jump("MARK"), "--or-mark " + MASQUERADE_MARK);
    }

    /** Last in its chain, so that an address of the node can be a frontend of its own kind too. */
    private void nodePortHook() {
        String words = comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
        if (!nodePorts.all()) {
            for (InetAddress ip : nodePorts.addresses()) {
                nat.rule(KubeChain.SERVICES, words, "-d " + IpText.format(ip), jump(KubeChain.NODE_PORTS));
            }
            return;
        }
        String but = switch (family) {
            case IPV4 -> nodePorts.localhost() ? "" : "! -d 127.0.0.0/8";
            case IPV6 -> "! -d ::1/128";
        };
        nat.rule(KubeChain.SERVICES, words, "-m addrtype --dst-type LOCAL", but, jump(KubeChain.NODE_PORTS));
    }

    private void forwardRules() {
        filter.rule(KubeChain.FORWARD, "-m conntrack --ctstate INVALID", jump("DROP"));
        filter.rule(KubeChain.FORWARD, comment("kubernetes forwarding rules"),
                "-m mark --mark " + MASQUERADE_MARK + "/" + MASQUERADE_MARK, jump("ACCEPT"));
        filter.rule(KubeChain.FORWARD, comment("kubernetes forwarding conntrack rule"),
                "-m conntrack --ctstate RELATED,ESTABLISHED", jump("ACCEPT"));
    }

    private static String jump(String where) {
        return "-j " + where;
    }
}
