package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.Arguments;
import dev.fairlead.loadtest.JsonLine;
import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * One half of the load: {@code --role clients} or {@code --role endpoints}, {@code --loops N} (1 unless said). Reads
 * commands from its input, a line each, and answers each with one line of JSON; what a reader may like to know besides
 * goes to stderr. A command that fails is answered with {@code {"error":"..."}} and the process lives on; the end of
 * the input ends it. Exit code 0, or 2 for wrong arguments and for a machine without epoll.
 */
public final class Generator {
    private Generator() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.exit(run(args, in, System.out, System.err));
    }

    static int run(String[] args, BufferedReader in, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        if (!Epoll.isAvailable()) {
            err.println("the load generator needs epoll, which this machine lacks (expected: Linux on x86-64 or ARM64, "
                    + "and Netty's native library): " + Epoll.unavailabilityCause());
            return 2;
        }
        try (Role role = role(new Arguments(args, Set.of("role", "loops")), err)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) {
                    out.println(answer(role, line, err));
                    out.flush();
                }
            }
            return 0;
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            return 2;
        }
    }

    private static JsonLine answer(Role role, String line, PrintStream err) throws InterruptedException {
        try {
            return role.answer(Command.parse(line));
        } catch (CommandFailed failed) {
            return new JsonLine().with("error", String.valueOf(failed.getMessage()));
        } catch (RuntimeException defect) {
            err.println("a defect of the load generator, met by \"" + line + "\":");
            defect.printStackTrace(err);
            return new JsonLine().with("error", "defect: " + defect);
        }
    }

    private static Role role(Arguments arguments, PrintStream err) {
        String role = arguments.text("role", "");
        int count = (int) arguments.number("loops", 1, 1, 64);
        return switch (role) {
            case "clients" -> new ClientRole(new Loops(count), err);
            case "endpoints" -> new EndpointRole(new Loops(count));
            default -> throw new IllegalArgumentException(
                    "--role: \"" + role + "\" (expected: clients or endpoints)");
        };
    }
}
