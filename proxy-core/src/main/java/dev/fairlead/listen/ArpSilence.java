package dev.fairlead.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this machine answers ARP for addresses that are on none of its interfaces. It would for every local route,
 * and so take an external or load-balancer address away from whoever announces it. Nothing like it is needed for IPv6:
 * the kernel answers neighbour solicitations for interfaces' addresses alone.
 */
final class ArpSilence {
    private static final Logger LOG = LoggerFactory.getLogger(ArpSilence.class);
    private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4/conf/all");
    // Documentation/networking/ip-sysctl: answer for addresses of the interface that is asked alone; and ask with such.
    private static final int IGNORE = 1;
    private static final int ANNOUNCE = 2;
    private static final int METRIC = 1000;

    private boolean told;

    /** The kernel's arp_ignore and arp_announce for all interfaces, each one digit. */
    record Setting(int ignore, int announce) {
        /**
         * A number of which nothing but {@link #ofMetric} has an opinion: a route that carries it as its metric
         * remembers the setting, also for a run that comes after a crash.
         */
        int metric() {
            return METRIC + 10 * ignore + announce;
        }

        static Setting ofMetric(int metric) {
            int digits = Math.clamp(metric - METRIC, 0, 99);
            return new Setting(digits / 10, digits % 10);
        }
    }

    /** As it is now. */
    Setting read() {
        return new Setting(number("arp_ignore"), number("arp_announce"));
    }

    /** Never less silent than before. */
    void silence(Setting before) {
        write(new Setting(Math.max(before.ignore(), IGNORE), Math.max(before.announce(), ANNOUNCE)));
    }

    void restore(Setting before) {
        write(before);
    }

    private void write(Setting wanted) {
        if (wanted.equals(read())) {
            return;
        }
        try {
            Files.writeString(SETTINGS.resolve("arp_ignore"), Integer.toString(wanted.ignore()));
            Files.writeString(SETTINGS.resolve("arp_announce"), Integer.toString(wanted.announce()));
        } catch (IOException readOnly) {
            if (!told) {
                told = true;
                LOG.warn("ARP is answered for external and load-balancer addresses, since {} cannot be written ({}):"
                        + " expected: sysctl net.ipv4.conf.all.arp_ignore={} and arp_announce={}", SETTINGS, readOnly,
                        wanted.ignore(), wanted.announce());
            }
        }
    }

    private static int number(String name) {
        try {
            return Optional.of(Files.readString(SETTINGS.resolve(name)).strip()).filter(text -> text.matches("\\d"))
                    .map(Integer::parseInt).orElse(0);
        } catch (IOException unreadable) {
            return 0;
        }
    }
}
