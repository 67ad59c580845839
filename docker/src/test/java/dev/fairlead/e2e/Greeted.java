package dev.fairlead.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A connection to an endpoint that says its name first and then echoes lines. */
public final class Greeted implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;
    private final String name;

    private Greeted(Socket socket, BufferedReader lines, String name) {
        this.socket = socket;
        this.lines = lines;
        this.name = name;
    }

    /** Connects and waits for the name. */
    public static Greeted open(String address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(Addresses.socket(address), 5000);
            socket.setSoTimeout(10_000);
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return new Greeted(socket, lines, line(lines));
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }

    /** Who answered. */
    public String name() {
        return name;
    }

    /** Sends a line and returns what comes back. */
    public String echo(String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        return line(lines);
    }

    /** Waits for whatever comes next: an exception where it is a reset, -1 where it is an end. */
    int read() throws IOException {
        return lines.read();
    }

    /** Waits for the end, a FIN or a reset; false when more comes instead. */
    boolean over() throws IOException {
        try {
            return read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Closes it in order. */
    void finish() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        finish();
    }

    private static String line(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("ended where a line was due");
        }
        return line;
    }
}
