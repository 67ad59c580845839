package dev.fairlead.balance;

import dev.fairlead.transport.Randomness;

/** One throw over the candidates that are not excluded: each of them is as likely. Allocates nothing. */
final class Draw {
    /** Every candidate is excluded, or there is none. */
    static final int NONE = -1;

    private Draw() {
    }

    /** An index into the candidates, or {@link #NONE}. */
    static int index(Upstream[] candidates, PickContext context, Randomness randomness) {
        if (candidates.length == 0) {
            return NONE;
        }
        // Mostly nobody is excluded, and a throw that hits somebody admitted is uniform over the admitted.
        int index = randomness.nextInt(candidates.length);
        return context.excluded(candidates[index]) ? indexByCount(candidates, context, randomness) : index;
    }

    // Throwing again and again could take for ever where almost everybody is excluded; counting takes two passes.
    private static int indexByCount(Upstream[] candidates, PickContext context, Randomness randomness) {
        int admitted = 0;
        for (Upstream candidate : candidates) {
            if (!context.excluded(candidate)) {
                admitted++;
            }
        }
        if (admitted == 0) {
            return NONE;
        }
        int toSkip = randomness.nextInt(admitted);
        int last = NONE;
        for (int i = 0; i < candidates.length && toSkip >= 0; i++) {
            if (!context.excluded(candidates[i])) {
                last = i;
                toSkip--;
            }
        }
        // A gate that shut since the count makes the walk end early: then the last one found serves.
        return last;
    }
}
