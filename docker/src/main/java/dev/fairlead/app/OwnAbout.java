package dev.fairlead.app;

import dev.fairlead.admin.About;
import dev.fairlead.app.ask.OwnSocket;
import dev.fairlead.transport.linux.Capability;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this process tells of itself, and the socket at which it is asked. */
final class OwnAbout implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnAbout.class);
    private static final int TOKEN_BYTES = 16;

    private final Optional<OwnSocket> socket;
    private final Terminal terminal;

    OwnAbout(Terminal terminal) {
        this.terminal = terminal;
        this.socket = socket(terminal);
    }

    private static Optional<OwnSocket> socket(Terminal terminal) {
        try {
            return Optional.of(OwnSocket.prepare(terminal.environment()));
        } catch (IOException none) {
            LOG.info("own socket none: {}; commands ask at the admin address", none.toString());
            return Optional.empty();
        }
    }

    About about() {
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        return new About(Version.ofThisBuild().number(), HexFormat.of().formatHex(token),
                socket.map(OwnSocket::path),
                () -> terminal.privileges().held().stream().map(Capability::name).sorted().toList(),
                Wiring::descriptors, Wiring::openDescriptors);
    }

    @Override
    public void close() {
        socket.ifPresent(one -> {
            try {
                one.close();
            } catch (IOException left) {
                LOG.debug("{} is left: {}", one.path(), left.toString());
            }
        });
    }
}
