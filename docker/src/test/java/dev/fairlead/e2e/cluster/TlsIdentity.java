package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.FairleadProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * A key with a certificate that it has signed itself, as an API server has one that its cluster's authority signed.
 *
 * @param sockets for connections that are answered with it
 * @param certificate in PEM: who trusts it trusts those
 */
record TlsIdentity(SSLSocketFactory sockets, String certificate) {
    private static final String PASSWORD = "not a secret";

    /** @param addresses for which it is valid, of IPv4 */
    static TlsIdentity of(Path directory, List<String> addresses) throws IOException {
        Path store = Files.createTempDirectory(directory, "tls").resolve("store.p12");
        keytool(store, "-genkeypair", "-keyalg", "EC", "-dname", "CN=api", "-ext",
                addresses.stream().map(ip -> "ip:" + ip).collect(Collectors.joining(",", "san=", "")));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return new TlsIdentity(context.getSocketFactory(), keytool(store, "-exportcert", "-rfc"));
        } catch (GeneralSecurityException unusable) {
            throw new IOException(unusable);
        }
    }

    private static String keytool(Path store, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(FairleadProgram.java()).resolveSibling("keytool").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("-alias", "api", "-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", hurried);
        }
        return said;
    }
}
