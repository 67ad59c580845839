package dev.fairlead.config;

import dev.fairlead.config.Form.Choice;
import dev.fairlead.config.Form.Flag;
import dev.fairlead.config.ProxyConfig.AddressChoice;
import dev.fairlead.config.ProxyConfig.Addresses;
import java.util.List;

/** The keys that say how service addresses become this machine's. */
final class AddressesForm {
    private static final Addresses DEFAULTS = Addresses.DEFAULTS;

    private static final Key<AddressChoice> CHOICE = Key.optional("serviceAddresses",
            "How service addresses become this machine's: anyip by local routes of its own, freebind by somebody else's,"
                    + " loopback not at all (they are served at 127.0.0.1), given before the start; auto is anyip or"
                    + " freebind where a cluster is followed, else given.",
            Choice.ofLowerCase("way", List.of(AddressChoice.values())), DEFAULTS.choice(),
            Choice.lowerCase(DEFAULTS.choice()));
    private static final Key<Boolean> KEEP = Key.optional("keepServiceAddresses",
            "Whether the routes of anyip stay after a clean stop; fairlead cleanup removes them.", new Flag(),
            DEFAULTS.keep(), DEFAULTS.keep());
    private static final Key<Boolean> OTHERS_ANSWER = Key.optional("othersAnswerAtServiceAddresses",
            "Whether with anyip a process of this machine that listens at 0.0.0.0 or [::] answers at service addresses"
                    + " too; else an nftables rule refuses it.",
            new Flag(), DEFAULTS.othersAnswer(), DEFAULTS.othersAnswer());

    private AddressesForm() {
    }

    static List<Key<?>> keys() {
        return List.of(CHOICE, KEEP, OTHERS_ANSWER);
    }

    static Addresses addresses(Section section) {
        return new Addresses(section.value(CHOICE), section.value(KEEP), section.value(OTHERS_ANSWER));
    }
}
