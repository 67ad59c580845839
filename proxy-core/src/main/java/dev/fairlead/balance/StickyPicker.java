package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ClientIP session affinity around any picker: a client goes where its last connection went, for as long as that
 * endpoint is a candidate and not excluded; otherwise the picker beneath chooses anew.
 * <p>
 * An endpoint is remembered when a connection to it was {@linkplain #confirmed made}, not when it was picked. So a dead
 * endpoint is never remembered, and a client whose endpoint died belongs to the one that answered instead. Any thread.
 */
public final class StickyPicker implements Picker {
    /** What the access log says where the memory decided. */
    public static final String WHY = "affinity";

    private final Picker beneath;
    private final AffinityTable table;
    private final Duration timeout;
    private final Map<IpPort, Upstream> byAddress = new HashMap<>();

    /**
     * @param beneath picks where nothing is remembered, from the same candidates
     * @param table the service port's, shared with its other pickers
     * @param timeout since the client's last new connection, after which it is forgotten
     */
    public StickyPicker(Picker beneath, List<Upstream> candidates, AffinityTable table, Duration timeout) {
        this.beneath = beneath(beneath);
        this.table = table;
        this.timeout = timeout;
        for (Upstream candidate : candidates) {
            byAddress.put(candidate.address(), candidate);
        }
    }

    /** The picker that affinity was wrapped around, or the picker itself: where a rotation is to be found. */
    public static Picker beneath(Picker picker) {
        return picker instanceof StickyPicker sticky ? sticky.beneath : picker;
    }

    @Override
    public Optional<Upstream> pick(PickContext context) {
        IpPort remembered = table.recall(context.client(), timeout);
        Upstream upstream = remembered == null ? null : byAddress.get(remembered);
        if (upstream == null || context.excluded(upstream)) {
            return beneath.pick(context);
        }
        context.because(WHY);
        return upstream.present();
    }

    /** Where a client's last connection went, whether or not that is a candidate now. For readers. */
    public Optional<IpPort> remembered(InetAddress client) {
        return Optional.ofNullable(table.recall(client, timeout));
    }

    @Override
    public void confirmed(PickContext context, Upstream upstream) {
        table.remember(context.client(), upstream.address(), timeout);
        beneath.confirmed(context, upstream);
    }
}
