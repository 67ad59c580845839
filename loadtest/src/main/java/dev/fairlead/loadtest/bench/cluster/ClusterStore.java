package dev.fairlead.loadtest.bench.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** All objects, written down beforehand so that a list costs the server no more than sending it. Any thread. */
final class ClusterStore {
    private final ClusterObjects objects;
    private final List<byte[]> services = new ArrayList<>();
    private final List<byte[]> slices = new ArrayList<>();
    private final BitSet lacking = new BitSet();
    private final List<Watch> watches = new ArrayList<>();
    private final Clock clock = Clock.systemUTC();
    private long version = 1;

    /** With so many Services. */
    ClusterStore(ClusterObjects objects, int count) {
        this.objects = objects;
        Instant now = clock.instant();
        for (int i = 0; i < count; i++) {
            services.add(objects.service(i, version));
            slices.add(objects.slice(i, 0, version, now));
        }
    }

    /** What there is of a kind. */
    synchronized Listing list(Kind kind) {
        return new Listing(kind, version, switch (kind) {
            case SERVICES -> List.copyOf(services);
            case SLICES -> List.copyOf(slices);
            case NODES -> List.of(objects.node(1));
        });
    }

    /** From now on; what was before has been listed, since nothing changes while somebody lists. */
    synchronized BlockingQueue<byte[]> watch(Kind kind) {
        Watch watch = new Watch(kind, new LinkedBlockingQueue<>());
        watches.add(watch);
        return watch.events;
    }

    synchronized void end(BlockingQueue<byte[]> events) {
        watches.removeIf(watch -> watch.events.equals(events));
    }

    synchronized int watches() {
        return watches.size();
    }

    /** One endpoint of a slice goes or comes back. Returns when, in Unix time, just before it is told. */
    synchronized long change(int i) {
        version++;
        lacking.flip(i);
        Instant now = clock.instant();
        byte[] slice = objects.slice(i, lacking.get(i) ? 1 : 0, version, now);
        slices.set(i, slice);
        byte[] event = event(slice);
        long told = clock.millis();
        watches.stream().filter(watch -> watch.kind == Kind.SLICES).forEach(watch -> watch.events.add(event));
        return told;
    }

    private static byte[] event(byte[] object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\","
                        .getBytes(StandardCharsets.US_ASCII));
        out.write(object, 1, object.length - 1);
        out.writeBytes("}\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private record Watch(Kind kind, BlockingQueue<byte[]> events) {
    }

    /** What a list answers. */
    record Listing(Kind kind, long version, List<byte[]> items) {
    }

    /** What is served. */
    enum Kind {
        SERVICES("/api/v1/services", "ServiceList", "v1"), SLICES("/apis/discovery.k8s.io/v1/endpointslices",
                "EndpointSliceList", "discovery.k8s.io/v1"), NODES("/api/v1/nodes", "NodeList", "v1");

        private final String path;
        private final String list;
        private final String group;

        Kind(String path, String list, String group) {
            this.path = path;
            this.list = list;
            this.group = group;
        }

        String path() {
            return path;
        }

        /** A list up to its items. */
        String head(long version) {
            return "{\"kind\":\"" + list + "\",\"apiVersion\":\"" + group + "\",\"metadata\":{\"resourceVersion\":\""
                    + version + "\"},\"items\":[";
        }
    }
}
