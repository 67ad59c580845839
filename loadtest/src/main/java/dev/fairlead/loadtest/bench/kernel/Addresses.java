package dev.fairlead.loadtest.bench.kernel;

/** Who has which address. */
final class Addresses {
    static final int SERVICE_PORT = 8000;
    static final int POD_PORT = 8080;
    /** The last number of an address is from 1 to this. */
    private static final int PER_NET = 250;

    private Addresses() {
    }

    static String clusterIp(String block, int service) {
        return block + "." + service / PER_NET + "." + (service % PER_NET + 1);
    }

    /** Nobody sends anything there. */
    static String pod(int number) {
        return "10." + (128 + number / (PER_NET * PER_NET)) + "." + number / PER_NET % PER_NET + "."
                + (number % PER_NET + 1);
    }
}
