package dev.fairlead.model;

import java.net.Inet6Address;
import java.net.InetAddress;

/** Everything Fairlead does is per IP family, as in kube-proxy: a dual-stack Service is two independent halves. */
public enum IpFamily {
    IPV4("IPv4", 32), IPV6("IPv6", 128);

    private final String word;
    private final int bits;

    IpFamily(String word, int bits) {
        this.word = word;
        this.bits = bits;
    }

    /** The family of an address. */
    public static IpFamily of(InetAddress address) {
        return address instanceof Inet6Address ? IPV6 : IPV4;
    }

    /** Length of an address of this family, in bits. */
    public int bits() {
        return bits;
    }

    /** Kubernetes' word: {@code IPv4} or {@code IPv6}. */
    @Override
    public String toString() {
        return word;
    }
}
