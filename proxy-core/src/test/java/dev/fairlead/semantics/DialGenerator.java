package dev.fairlead.semantics;

import dev.fairlead.source.ServiceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Flows that a cluster may see: most of them dial what a Service asks for, the rest goes nearly or clearly astray. */
final class DialGenerator {
    private final Dice dice;
    private final List<ServiceObject> services;

    DialGenerator(Dice dice, List<ServiceObject> services) {
        this.dice = dice;
        this.services = services;
    }

    Dial dial() {
        int choice = dice.below(100);
        if (choice < 88) {
            Dial frontend = frontend(dice.oneOf(services));
            return choice < 83 ? frontend : besides(frontend);
        }
        Pool pool = dice.percent(55) ? Pool.V4 : Pool.V6;
        String destination = choice < 91
                ? pool.unusedClusterIp()
                : choice < 97
                        ? dice.oneOf(dice.percent(70) ? pool.node() : pool.loopbacks())
                        : dice.oneOf(List.of(pool.otherNode(), pool.pods().getFirst(), pool.strangers().getFirst()));
        Ip ip = Ip.of(destination);
        return new Dial(dice.word("TCP", "UDP"), source(pool), ip, dice.oneOf(List.of(22, 30081, 30082)));
    }

    /** Another port, or the other protocol, of an address that is asked for. */
    private Dial besides(Dial frontend) {
        return dice.percent(60)
                ? new Dial(frontend.protocol(), frontend.source(), frontend.destination(), 82)
                : new Dial(another(frontend.protocol()), frontend.source(), frontend.destination(),
                        frontend.port());
    }

    private String another(String protocol) {
        return dice.percent(30) ? "SCTP" : protocol.equals("TCP") ? "UDP" : "TCP";
    }

    private Dial frontend(ServiceObject service) {
        Optional<ServiceObject.Port> port = service.ports().isEmpty()
                ? Optional.empty()
                : Optional.of(dice.oneOf(service.ports()));
        String protocol = port.map(ServiceObject.Port::protocol).filter(p -> p.equals("UDP")).orElse("TCP");
        int number = port.map(ServiceObject.Port::port).orElse(80);
        int nodePort = port.map(ServiceObject.Port::nodePort).orElse(0);

        List<String> ofCluster = new ArrayList<>(service.clusterIPs());
        ofCluster.add(service.clusterIP());
        List<String> vips = new ArrayList<>();
        for (ServiceObject.Ingress ingress : service.loadBalancerIngress()) {
            vips.add(ingress.ip());
        }
        List<List<String>> kinds = new ArrayList<>(List.of(ofCluster));
        if (!vips.isEmpty()) {
            kinds.add(vips);
            kinds.add(vips);
        }
        if (!service.externalIPs().isEmpty()) {
            kinds.add(service.externalIPs());
            kinds.add(service.externalIPs());
        }
        if (nodePort != 0 && dice.percent(40)) {
            Pool pool = Pool.of(Ip.read(dice.oneOf(ofCluster)).map(Ip::bits).orElse(32));
            int choice = dice.below(100);
            String ip = choice < 60
                    ? pool.node().getFirst()
                    : choice < 75 ? pool.node().getLast() : dice.oneOf(pool.loopbacks());
            return new Dial(protocol, source(pool), Ip.of(ip), nodePort);
        }
        Ip destination = Ip.read(dice.oneOf(dice.oneOf(kinds))).orElse(Ip.of(dice.oneOf(Pool.V4.externalIps())));
        List<Ip> ownVips = new ArrayList<>();
        for (String vip : vips) {
            Ip.read(vip).filter(ip -> ip.bits() == destination.bits()).ifPresent(ownVips::add);
        }
        boolean isFromVip = !ownVips.isEmpty() && dice.percent(15);
        return new Dial(protocol, isFromVip ? dice.oneOf(ownVips) : source(Pool.of(destination.bits())), destination,
                number);
    }

    private Ip source(Pool pool) {
        int choice = dice.below(100);
        String text = choice < 36
                ? dice.oneOf(pool.pods())
                : choice < 52
                        ? dice.oneOf(pool.node())
                        : choice < 57
                                ? dice.oneOf(pool.loopbacks())
                                : choice < 87
                                        ? dice.oneOf(pool.strangers())
                                        : choice < 93 ? pool.otherNode() : dice.oneOf(pool.vips());
        return Ip.of(text);
    }
}
