package dev.fairlead.app.iptables;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The kernel's own rules, in a network namespace that lives as long as one command. */
final class Kernel {
    private static final long PATIENCE_SECONDS = 60;

    private Kernel() {
    }

    /** Which of the two implementations, for which family. */
    enum Flavour {
        NFT("iptables-nft"), LEGACY("iptables-legacy"), NFT_6("ip6tables-nft"), LEGACY_6("ip6tables-legacy");

        private final String command;

        Flavour(String command) {
            this.command = command;
        }

        /** {@code iptables-nft-restore}, or {@code -save}, or the command for one rule. */
        String tool(String suffix) {
            return command + suffix;
        }

        boolean six() {
            return this == NFT_6 || this == LEGACY_6;
        }
    }

    private record Said(int status, String out, String err) {
    }

    /** Loads rules, changes them as the commands say, and gives back what iptables-save prints. */
    static String saved(Flavour flavour, String rules, Path folder, String... changes)
            throws IOException, InterruptedException {
        available(flavour, folder);
        Path file = Files.writeString(folder.resolve("rules"), rules);
        StringBuilder script = new StringBuilder("set -e\n").append(flavour.tool("-restore")).append(" < ")
                .append(file).append('\n');
        for (String change : changes) {
            script.append(flavour.tool("")).append(' ').append(change).append('\n');
        }
        Said said = run(script.append(flavour.tool("-save")).append('\n').toString(), folder);
        if (said.status() != 0) {
            throw new AssertionError(flavour + " refuses the rules: " + said.err());
        }
        return said.out();
    }

    /** Asks whether the rules would be accepted; {@code ""} where they would. */
    static String test(Flavour flavour, String rules, Path folder) throws IOException, InterruptedException {
        available(flavour, folder);
        Path file = Files.writeString(folder.resolve("rules"), rules);
        Said said = run(flavour.tool("-restore") + " --test < " + file + "\n", folder);
        return said.status() == 0 ? "" : "exit code " + said.status() + ": " + said.err();
    }

    /** Skips the test where the machine has no such rules. */
    private static void available(Flavour flavour, Path folder) throws IOException, InterruptedException {
        assumeTrue(Stream.of("/usr/sbin", "/sbin").anyMatch(
                sbin -> Files.isExecutable(Path.of(sbin, flavour.tool("-restore")))),
                "needs the command " + flavour.tool("-restore") + ", which is not installed (Debian: iptables)");
        Said namespace = run("true\n", folder);
        assumeTrue(namespace.status() == 0, "needs a network namespace, which the kernel refuses: " + namespace.err());
        Said nat = run("printf '*nat\\nCOMMIT\\n' | " + flavour.tool("-restore") + "\n", folder);
        assumeTrue(nat.status() == 0, "needs a kernel with table nat for " + flavour.tool("") + ": " + nat.err());
    }

    private static Said run(String script, Path folder) throws IOException, InterruptedException {
        Path commands = Files.writeString(folder.resolve("script"), script);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(List.of("unshare", "--map-root-user", "--net", "/bin/sh",
                commands.toString())).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("not done after " + PATIENCE_SECONDS + " s: " + script);
            }
        } finally {
            process.destroyForcibly();
        }
        return new Said(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8).strip());
    }
}
