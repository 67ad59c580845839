package dev.fairlead.semantics;

import java.util.ArrayList;
import java.util.List;

/** An endpoint as the model sees it: conditions defaulted, and whether it is on this node. */
record ModelEndpoint(Ip ip, int port, boolean ready, boolean serving, boolean terminating, boolean local,
        List<String> zoneHints, List<String> nodeHints) {
    String address() {
        return ip.with(port);
    }

    boolean servesWhileTerminating() {
        return serving && terminating;
    }

    /** With its conditions. */
    String described() {
        return described(address(), ready, serving, terminating, local);
    }

    static String described(String address, boolean ready, boolean serving, boolean terminating, boolean local) {
        return address + (ready ? " ready" : "") + (serving ? " serving" : "") + (terminating ? " terminating" : "")
                + (local ? " local" : "");
    }

    static List<String> addresses(List<ModelEndpoint> endpoints) {
        List<String> texts = new ArrayList<>();
        for (ModelEndpoint endpoint : endpoints) {
            texts.add(endpoint.address());
        }
        texts.sort(String::compareTo);
        return texts;
    }
}
