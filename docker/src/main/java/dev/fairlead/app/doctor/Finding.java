package dev.fairlead.app.doctor;

/**
 * One thing that was looked at.
 *
 * @param about what, in one or two words
 * @param says how it is
 * @param todo what to do; {@code ""} where there is nothing to do
 */
public record Finding(Grade grade, String about, String says, String todo) {
    /** How it is. */
    public enum Grade {
        /** As it should be. */
        FINE,
        /** Works, and could be better. */
        NOTE,
        /** Something does not work, or will not. */
        PROBLEM
    }

    static Finding fine(String about, String says) {
        return new Finding(Grade.FINE, about, says, "");
    }

    static Finding note(String about, String says, String todo) {
        return new Finding(Grade.NOTE, about, says, todo);
    }

    static Finding problem(String about, String says, String todo) {
        return new Finding(Grade.PROBLEM, about, says, todo);
    }
}
