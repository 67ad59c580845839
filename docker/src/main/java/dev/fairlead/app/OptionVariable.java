package dev.fairlead.app;

import java.util.Locale;

/** Where an option sits in the environment. */
final class OptionVariable {
    private OptionVariable() {
    }

    /** {@code --data-path} is {@code FAIRLEAD_DATA_PATH}. */
    static String of(String option) {
        int name = 0;
        while (option.charAt(name) == '-') {
            name++;
        }
        return "FAIRLEAD_" + option.substring(name).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
