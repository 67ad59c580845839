package dev.fairlead.semantics;

import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import dev.fairlead.source.TranslationSettings;
import java.util.List;

/** A cluster as one node sees it, and flows that it is asked about. */
record Case(ObjectSet objects, TranslationSettings settings, List<Dial> dials) {
    Case {
        dials = List.copyOf(dials);
    }

    /** For a reader who is to find out who is wrong. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("  nodeName=").append(settings.nodeName()).append(" nodeAddresses=")
                .append(settings.nodeAddresses()).append(" proxyName=").append(settings.serviceProxyName())
                .append("\n  ").append(settings.nodePorts()).append(' ').append(settings.gates()).append("\n  ")
                .append(settings.pods()).append(" serviceCidrs=").append(settings.serviceCidrs())
                .append(" masqueradeAll=").append(settings.masqueradeAll()).append('\n');
        for (NodeObject node : objects.nodes()) {
            text.append("  ").append(node).append('\n');
        }
        for (ServiceObject service : objects.services()) {
            text.append("  ").append(service).append('\n');
        }
        for (SliceObject slice : objects.slices()) {
            text.append("  SliceObject[").append(slice.namespace()).append('/').append(slice.name()).append(' ')
                    .append(slice.labels()).append(' ').append(slice.addressType()).append(' ').append(slice.ports())
                    .append('\n');
            for (SliceObject.Member member : slice.endpoints()) {
                text.append("    ").append(member).append('\n');
            }
        }
        for (Dial dial : dials) {
            text.append("  ").append(dial).append('\n');
        }
        return text.toString();
    }
}
