package dev.fairlead.app.ask;

import dev.fairlead.model.IpPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Where a process answers. */
public sealed interface Place {
    /** Its own socket: only its user and root can ask there, and change without a token. */
    record Own(Path path) implements Place {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * Its admin address.
     *
     * @param admin the wildcard address stands for this machine's loopback
     */
    record Admin(IpPort admin) implements Place {
        @Override
        public String toString() {
            return "http://" + at();
        }

        private IpPort at() {
            return admin.ip().isAnyLocalAddress()
                    ? new IpPort(InetAddress.getLoopbackAddress(), admin.port())
                    : admin;
        }
    }

    /** What to connect to. */
    default SocketAddress socketAddress() {
        return switch (this) {
            case Own(Path path) -> UnixDomainSocketAddress.of(path);
            case Admin admin -> new InetSocketAddress(admin.at().ip(), admin.at().port());
        };
    }
}
