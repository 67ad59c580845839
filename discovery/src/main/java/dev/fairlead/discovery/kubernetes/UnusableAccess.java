package dev.fairlead.discovery.kubernetes;

/** There is no way to the API server, as long as what describes it stays as it is. */
final class UnusableAccess extends Exception {
    private final String place;
    private final String why;

    /**
     * @param place the file or variable that does not say what it must
     * @param why what is wrong with it, and what to do
     */
    UnusableAccess(String place, String why) {
        super(place + ": " + why);
        this.place = place;
        this.why = why;
    }

    String place() {
        return place;
    }

    String why() {
        return why;
    }
}
