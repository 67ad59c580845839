package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Randomness;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A client address goes to the same endpoint every time, from every proxy and after every restart: rendezvous hashing.
 * Each endpoint has a weight for each client, a hash of both addresses, and the highest weight wins. No seed and no
 * order of candidates has a part in it.
 * <p>
 * Rendezvous and not Maglev: a picker is an array of numbers, where Maglev has a table of some hundred entries for each
 * endpoint, to be rebuilt at every update of each of thousands of services. An endpoint that leaves moves its own
 * clients and nobody else's, and one that comes takes its share and moves nobody else, where a table moves some
 * bystanders too. And who is excluded needs no rule: the client goes to its next highest, which is where it would go if
 * that endpoint were gone. The price is a pick that looks at every endpoint, a few multiplications each.
 * <p>
 * Any thread. A pick allocates nothing for IPv4 and a copy of the client's 16 bytes for IPv6.
 */
public final class SourceHashBalancer implements Balancer {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    @Override
    public Picker newPicker(List<Upstream> candidates, Optional<Picker> previous) {
        Upstream[] fixed = candidates.toArray(Upstream[]::new);
        long[] hashes = candidates.stream().mapToLong(candidate -> endpointHash(candidate.address())).toArray();
        return context -> pick(fixed, hashes, context);
    }

    private static Optional<Upstream> pick(Upstream[] candidates, long[] hashes, PickContext context) {
        long client = addressHash(context.client());
        int best = -1;
        long highest = 0;
        for (int i = 0; i < candidates.length; i++) {
            // Both steps are one to one, so endpoints of different hashes never have equal weights for a client.
            long weight = mix(client ^ hashes[i]);
            // Who is excluded is asked last, since few come this far.
            if ((best < 0 || weight > highest) && !context.excluded(candidates[i])) {
                best = i;
                highest = weight;
            }
        }
        return best < 0 ? Optional.empty() : candidates[best].present();
    }

    /** The port counts, since endpoints may share an address. */
    private static long endpointHash(IpPort address) {
        return mix(addressHash(address.ip()) ^ address.port());
    }

    private static long addressHash(InetAddress address) {
        if (address instanceof Inet4Address) {
            // This is the address itself, and the only way to it without a copy.
            return mix(address.hashCode());
        }
        // There hashCode is the sum of four words, which is the same for pod 1 on node 2 and pod 2 on node 1.
        byte[] bytes = address.getAddress();
        return mix(mix((long) LONGS.get(bytes, 0)) ^ (long) LONGS.get(bytes, Long.BYTES));
    }

    /**
     * The finalizer of SplitMix64 (Steele, Lea, Flood 2014; Stafford's variant 13): one to one, and each bit of the
     * input turns every bit of the output as likely as not.
     */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** {@code source-hash}. */
    public static final class Provider implements BalancerProvider {
        @Override
        public String name() {
            return "source-hash";
        }

        @Override
        public Balancer create(Map<String, String> parameters, Randomness randomness) {
            return new SourceHashBalancer();
        }
    }
}
