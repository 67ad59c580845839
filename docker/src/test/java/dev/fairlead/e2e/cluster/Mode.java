package dev.fairlead.e2e.cluster;

/** Where the nodes hear of objects. */
enum Mode {
    FILES("files"), API("API");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
