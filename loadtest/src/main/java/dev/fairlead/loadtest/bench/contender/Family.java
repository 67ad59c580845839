package dev.fairlead.loadtest.bench.contender;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who a contender is, whatever its settings. */
public enum Family {
    FAIRLEAD, HAPROXY, NGINX, DIRECT, DNAT,
    /** The kernel's rules, where only they are measured and not what goes through them. */
    IPTABLES, NFT;

    /** As in {@code --against} and at the front of a contender's name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Another proxy, whose CPU can be compared. */
    public boolean peer() {
        return this == HAPROXY || this == NGINX;
    }

    /** Who can be measured beside Fairlead. */
    public static List<Family> others() {
        return List.of(HAPROXY, NGINX, DIRECT, DNAT);
    }

    static Optional<Family> of(String word) {
        return Arrays.stream(values()).filter(family -> family.word().equals(word)).findFirst();
    }

    /** The one that a contender's name begins with. */
    public static Family ofContender(String name) {
        int dash = name.indexOf('-');
        String word = dash < 0 ? name : name.substring(0, dash);
        return of(word).orElseThrow(() -> new IllegalArgumentException("no contender is called " + name));
    }
}
