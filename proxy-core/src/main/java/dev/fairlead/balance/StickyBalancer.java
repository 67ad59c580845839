package dev.fairlead.balance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * ClientIP session affinity around any balancer; its pickers are {@link StickyPicker}s.
 *
 * @param beneath balances clients that nothing is remembered of
 * @param table the service port's, shared by all scopes
 * @param timeout since the client's last new connection
 */
public record StickyBalancer(Balancer beneath, AffinityTable table, Duration timeout) implements Balancer {
    @Override
    public Picker newPicker(List<Upstream> candidates, Optional<Picker> previous) {
        Picker picker = beneath.newPicker(candidates, previous.map(StickyPicker::beneath));
        return new StickyPicker(picker, candidates, table, timeout);
    }
}
