package dev.fairlead.transport.linux;

import java.util.Locale;
import java.util.Optional;

/**
 * How the kernel numbers the calls we make: arch/x86/entry/syscalls/syscall_64.tbl, and
 * include/uapi/asm-generic/unistd.h for arm64.
 */
record SystemCallNumbers(long close, long socket, long bind, long listen, long accept4, long connect, long getsockname,
        long sendto, long recvfrom, long setsockopt, long getsockopt, long shutdown, long fcntl, long pipe2,
        long splice, long ioctl, long recvmmsg, long sendmmsg, long epollCreate1, long epollCtl, long epollPwait,
        long mmap, long munmap, long openat, long bpf) {
    private static final SystemCallNumbers X86_64 = new SystemCallNumbers(3, 41, 49, 50, 288, 42, 51, 44, 45, 54, 55,
            48, 72, 293, 275, 16, 299, 307, 291, 233, 281, 9, 11, 257, 321);
    private static final SystemCallNumbers ARM64 = new SystemCallNumbers(57, 198, 200, 201, 242, 203, 204, 206, 207,
            208, 209, 210, 25, 59, 76, 29, 243, 269, 20, 21, 22, 222, 215, 56, 280);

    /** Those of this machine; empty where it is neither Linux nor one of the two processors. */
    static Optional<SystemCallNumbers> here() {
        if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
            return Optional.empty();
        }
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(ARM64);
            default -> Optional.empty();
        };
    }
}
