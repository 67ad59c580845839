package dev.fairlead.e2e;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to one request on a connection of its own, which is closed afterwards: a kept one would count among the
 * descriptors of who is asked.
 */
record HttpAnswer(int status, String head, String body) {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[^\\n]*\\n");

    /** @param address {@code 127.0.0.1:10349} */
    static HttpAnswer get(String address, String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(Addresses.socket(address), 5000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher status = STATUS.matcher(all);
            int end = all.indexOf("\r\n\r\n");
            if (!status.lookingAt() || end < 0) {
                throw new IOException("no HTTP answer but \"" + all + "\"");
            }
            return new HttpAnswer(Integer.parseInt(status.group(1)), all.substring(0, end), all.substring(end + 4));
        }
    }

    /** The value of a header, or {@code ""}. */
    String header(String name) {
        return head.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse("");
    }
}
