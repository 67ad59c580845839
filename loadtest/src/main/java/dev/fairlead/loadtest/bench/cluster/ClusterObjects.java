package dev.fairlead.loadtest.bench.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Objects as an API server writes them, with all that it writes beside what a proxy reads.
 *
 * @param block the first two numbers of the ClusterIPs
 * @param endpoints of each slice
 */
record ClusterObjects(String block, int endpoints) {
    static final String NODE = "n1";
    static final int SERVICE_PORT = 8000;
    /** The last number of an address is from 1 to this. */
    private static final int ADDRESSES_PER_NET = 250;
    private static final int NODES = 100;
    private static final int PORT = 8080;
    private static final String SINCE = "2026-01-02T03:04:05Z";

    /** A Service with a ClusterIP and one port. */
    byte[] service(int i, long version) {
        String ip = block + "." + i / ADDRESSES_PER_NET + "." + (i % ADDRESSES_PER_NET + 1);
        return bytes("""
                {"metadata":{"name":"%1$s","namespace":"%2$s","uid":"%3$s","resourceVersion":"%4$d",\
                "creationTimestamp":"%5$s","labels":{"app":"%1$s"},"managedFields":[{"manager":"kubectl","operation":\
                "Update","apiVersion":"v1","time":"%5$s","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:ports":{},\
                "f:selector":{},"f:type":{}}}}]},"spec":{"ports":[{"name":"http","protocol":"TCP","port":%6$d,\
                "targetPort":%7$d}],"selector":{"app":"%1$s"},"clusterIP":"%8$s","clusterIPs":["%8$s"],\
                "type":"ClusterIP","sessionAffinity":"None","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",\
                "internalTrafficPolicy":"Cluster"},"status":{"loadBalancer":{}}}"""
                .formatted(name(i), namespace(i), uid("service", i), version, SINCE, SERVICE_PORT, PORT,
                        ip));
    }

    /**
     * The slice of a Service.
     *
     * @param lacking how many of its endpoints, the last ones, are missing
     * @param trigger when that came to pass
     */
    byte[] slice(int i, int lacking, long version, Instant trigger) {
        String members = IntStream.range(0, endpoints - lacking).mapToObj(member -> endpoint(i, member))
                .collect(Collectors.joining(","));
        return bytes("""
                {"metadata":{"name":"%1$s-x7k2p","generateName":"%1$s-","namespace":"%2$s","uid":"%3$s",\
                "resourceVersion":"%4$d","generation":%4$d,"creationTimestamp":"%5$s","labels":{"app":"%1$s",\
                "endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",\
                "kubernetes.io/service-name":"%1$s"},"annotations":{\
                "endpoints.kubernetes.io/last-change-trigger-time":"%6$s"},"ownerReferences":[{"apiVersion":"v1",\
                "kind":"Service","name":"%1$s","uid":"%7$s","controller":true,"blockOwnerDeletion":true}]},\
                "addressType":"IPv4","endpoints":[%8$s],"ports":[{"name":"http","protocol":"TCP","port":%9$d}]}"""
                .formatted(name(i), namespace(i), uid("slice", i), version, SINCE, trigger, uid("service", i),
                        members, PORT));
    }

    private String endpoint(int i, int member) {
        int pod = i * endpoints + member;
        return """
                {"addresses":["%s"],"conditions":{"ready":true,"serving":true,"terminating":false},\
                "targetRef":{"kind":"Pod","namespace":"%s","name":"%s-7d4b9c6f5-%05d","uid":"%s"},\
                "nodeName":"n%d","zone":"zone-%c"}"""
                .formatted(address(pod), namespace(i), name(i), member, uid("pod", pod), pod % NODES + 1,
                        "abc".charAt(pod % 3));
    }

    /** Endpoints are dialled by nobody; their net is none of the bench's. */
    private static String address(int pod) {
        return "10." + (128 + pod / 62_500) + "." + pod / ADDRESSES_PER_NET % ADDRESSES_PER_NET + "."
                + (pod % ADDRESSES_PER_NET + 1);
    }

    byte[] node(long version) {
        return bytes("""
                {"metadata":{"name":"%1$s","uid":"%2$s","resourceVersion":"%3$d","creationTimestamp":"%4$s",\
                "labels":{"kubernetes.io/hostname":"%1$s","topology.kubernetes.io/zone":"zone-a"}},\
                "spec":{"podCIDR":"10.128.0.0/24","podCIDRs":["10.128.0.0/24"]},"status":{"addresses":[\
                {"type":"InternalIP","address":"192.0.2.10"},{"type":"Hostname","address":"%1$s"}]}}"""
                .formatted(NODE, uid("node", 1), version, SINCE));
    }

    private static String name(int i) {
        return String.format(Locale.ROOT, "svc-%05d", i);
    }

    private static String namespace(int i) {
        return "team-" + i % 50;
    }

    private static String uid(String kind, int i) {
        return UUID.nameUUIDFromBytes(bytes(kind + i)).toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
