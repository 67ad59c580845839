package dev.fairlead.semantics;

import java.util.Optional;

/** A block of addresses, by the model's own arithmetic. */
record Block(Ip base, int prefix) {
    static Optional<Block> read(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        if (slash < 0 || !trimmed.substring(slash + 1).matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(trimmed.substring(slash + 1));
        return Ip.read(trimmed.substring(0, slash)).filter(base -> prefix <= base.bits())
                .map(base -> new Block(base, prefix));
    }

    boolean contains(Ip ip) {
        int rest = base.bits() - prefix;
        return ip.bits() == base.bits() && ip.value().shiftRight(rest).equals(base.value().shiftRight(rest));
    }
}
