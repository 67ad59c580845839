package dev.fairlead.forward;

import java.util.List;
import java.util.concurrent.Callable;

/**
 * A network namespace that stands for a node, to which the addresses of services are local, and one beside it that
 * stands for a pod and has the node as its gateway. Whoever builds them is in the node from then on.
 */
final class NodeAndPod implements AutoCloseable {
    static final String VIP = "10.96.0.10";
    static final String VIP_6 = "[fd00:96::10]";
    static final List<String> VIPS = List.of(VIP, VIP_6);
    static final List<String> SERVICE_BLOCKS = List.of("10.96.0.0/12", "fd00:96::/108");
    static final String NODE = "192.168.0.1";
    static final String NODE_6 = "[fd00:1::1]";
    static final List<String> PODS = List.of("192.168.0.2", "fd00:1::2");

    private final Namespace node;
    private final Namespace pod;

    private NodeAndPod(Namespace node, Namespace pod) {
        this.node = node;
        this.pod = pod;
    }

    /** Builds them; skips the test where that cannot be. */
    static NodeAndPod build() {
        Namespace node = Namespace.create();
        Namespace pod = Namespace.create();
        node.run("ip link add pod type veth peer name eth0 netns " + pod.name());
        node.run("ip link set pod up");
        node.run("ip address add 192.168.0.1/24 dev pod");
        node.run("ip address add fd00:1::1/64 dev pod nodad");
        pod.run("ip link set eth0 up");
        pod.run("ip address add 192.168.0.2/24 dev eth0");
        pod.run("ip address add fd00:1::2/64 dev eth0 nodad");
        pod.run("ip route add default via 192.168.0.1");
        pod.run("ip -6 route add default via fd00:1::1");
        node.run("ip route add local 10.96.0.0/12 dev lo src 192.168.0.1");
        node.run("ip -6 route add local fd00:96::/108 dev lo src fd00:1::1");
        node.enter();
        return new NodeAndPod(node, pod);
    }

    /** Something that is done, and may fail. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** Runs a command in the node; fails where that fails. */
    void run(String command) {
        node.run(command);
    }

    /** Runs in the pod, on this thread, which is in the node otherwise. */
    <T> T inPod(Callable<T> task) throws Exception {
        pod.enter();
        try {
            return task.call();
        } finally {
            node.enter();
        }
    }

    /** Runs in the node, then in the pod. */
    void inBoth(Task task) throws Exception {
        task.run();
        inPod(() -> {
            task.run();
            return "done";
        });
    }

    @Override
    public void close() {
        node.leave();
        node.close();
        pod.close();
    }
}
