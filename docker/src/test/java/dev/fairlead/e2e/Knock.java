package dev.fairlead.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** What a client meets at an address: a pod's name, or {@code REFUSED}, {@code TIMEOUT}, {@code RESET}, {@code END}. */
final class Knock {
    private static final int PATIENCE_MILLIS = 3000;

    private Knock() {
    }

    /** One connection. */
    static String at(String address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(Addresses.socket(address), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            String name = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return name == null ? "END" : name;
        } catch (ConnectException refused) {
            return "REFUSED";
        } catch (SocketTimeoutException silent) {
            return "TIMEOUT";
        } catch (SocketException cut) {
            return "RESET";
        }
    }
}
