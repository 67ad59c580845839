package dev.fairlead.walls.counterexample.balance;

/** Uses a word that is not ours. */
public final class NamesAMember {
    int remotePort() {
        return 0;
    }
}
