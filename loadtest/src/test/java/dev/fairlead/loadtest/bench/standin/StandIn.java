package dev.fairlead.loadtest.bench.standin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads commands, answers each with a line of JSON. */
public final class StandIn {
    private StandIn() {
    }

    /** {@code --role clients} or {@code --role endpoints}. */
    public static void main(String[] args) throws IOException {
        Role role = args[1].equals("clients") ? new StandInClients() : new StandInEndpoints();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(role, line));
            System.out.flush();
        }
        System.exit(0);
    }

    private static String answer(Role role, String line) {
        String[] words = line.split(" ", -1);
        Map<String, String> options = Arrays.stream(words).skip(1).map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        try {
            return role.answer(words[0], options);
        } catch (IOException | RuntimeException failed) {
            return "{\"error\":\"" + String.valueOf(failed).replace('"', '\'') + "\"}";
        }
    }

    static List<InetSocketAddress> addresses(String text) {
        return Arrays.stream(text.split(",", -1)).map(address -> {
            int colon = address.lastIndexOf(':');
            return new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
        }).toList();
    }

    /** One half of it. */
    interface Role {
        String answer(String word, Map<String, String> options) throws IOException;
    }
}
