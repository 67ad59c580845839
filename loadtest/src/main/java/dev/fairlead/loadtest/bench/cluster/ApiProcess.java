package dev.fairlead.loadtest.bench.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An API server with many Services: arguments are its port, the first two numbers of the ClusterIPs, how many Services
 * there are, and how many endpoints each has. Reads lines and answers each with one: {@code watches}: how many are
 * open; {@code change i}: one endpoint of the i-th slice goes, or comes back; the answer is the Unix time in
 * milliseconds just before it was told.
 */
public final class ApiProcess {
    /** Of every Service. */
    public static final int SERVICE_PORT = ClusterObjects.SERVICE_PORT;

    private ApiProcess() {
    }

    /** Until the end of its input. */
    public static void main(String[] args) throws IOException {
        ClusterObjects objects = new ClusterObjects(args[1], Integer.parseInt(args[3]));
        ClusterStore store = new ClusterStore(objects, Integer.parseInt(args[2]));
        ApiServer.start(Integer.parseInt(args[0]), store);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(List.of(line.split(" ", -1)), store));
            System.out.flush();
        }
        System.exit(0);
    }

    private static String answer(List<String> words, ClusterStore store) {
        return switch (words.getFirst()) {
            case "watches" -> Integer.toString(store.watches());
            case "change" -> Long.toString(store.change(Integer.parseInt(words.get(1))));
            default -> "error no such word: " + words.getFirst() + " (expected: watches or change)";
        };
    }
}
