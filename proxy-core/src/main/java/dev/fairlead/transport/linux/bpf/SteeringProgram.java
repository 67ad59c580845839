package dev.fairlead.transport.linux.bpf;

import dev.fairlead.transport.linux.bpf.Instructions.Function;
import dev.fairlead.transport.linux.bpf.Instructions.Register;

/**
 * What the kernel runs for each packet that belongs to no connection, before it looks for a listening socket itself
 * (Documentation/bpf/prog_sk_lookup.rst):
 *
 * <pre>
 * door = doors[address, port, protocol, family]
 * if there is one:
 *     if door.count == 0: return door.first                 // a verdict: pass or drop
 *     socket = sockets[door.first + hash(client's port) % door.count]
 *     return assign(socket) ? pass : drop
 * return owned[address] otherwise pass                      // the longest prefix decides
 * </pre>
 */
final class SteeringProgram {
    /** The packet is refused: a reset, or ICMP port unreachable. */
    static final int DROP = 0;
    /** The kernel goes on: with the socket that was assigned, else as if there were no program. */
    static final int PASS = 1;

    /** Bytes of a door's key: the address, then {@link #word} of what else. */
    static final int DOOR_KEY = 20;
    /** Bytes of a door's value: the first socket, how many. */
    static final int DOOR_VALUE = 8;
    /** Bytes of a block's key: its length in bits, the address. */
    static final int BLOCK_KEY = 20;
    /** Stands before an IPv4 address to make it 16 bytes, as in {@code ::ffff:10.0.0.1}; here as a word in memory. */
    static final int MAPPED = 0xffff0000;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    // struct bpf_sk_lookup: what is known of the packet. Addresses are as on the wire, the local port is a number.
    private static final int FAMILY = 8;
    private static final int PROTOCOL = 12;
    private static final int CLIENT_PORT = 36;
    private static final int LOCAL_IP4 = 40;
    private static final int LOCAL_IP6 = 44;
    private static final int LOCAL_PORT = 60;
    // BPF_SK_LOOKUP_F_REPLACE: a program that was attached before may have made its choice.
    private static final int REPLACE = 1;
    // The stack, from its end down.
    private static final int ADDRESS = -20;
    private static final int REST = -4;
    private static final int ADDRESS_BITS = -24;
    private static final int SEAT = -28;
    // Clients take every second port: the golden ratio's bits spread whatever step they take.
    private static final int SPREAD = 0x9e3779b1;

    private SteeringProgram() {
    }

    /** The word of a door's key that is not its address. */
    static int word(boolean six, int protocol, int port) {
        return (six ? AF_INET6 : AF_INET) << 24 | protocol << 16 | port;
    }

    /** The program, with the descriptors of the maps it looks into. */
    static Instructions over(int doors, int sockets, int owned) {
        Instructions code = new Instructions();
        code.move(Register.R6, Register.R1);
        key(code);
        code.map(Register.R1, doors).point(Register.R2, ADDRESS).call(Function.MAP_LOOKUP_ELEM);
        code.jumpIfEqual(Register.R0, 0, "no door");
        code.load32(Register.R8, Register.R0, 0).load32(Register.R7, Register.R0, 4);
        code.jumpIfNotEqual(Register.R7, 0, "lead");
        code.move(Register.R0, Register.R8).and(Register.R0, PASS).exit();
        lead(code, sockets);
        code.label("no door");
        code.map(Register.R1, owned).point(Register.R2, ADDRESS_BITS).call(Function.MAP_LOOKUP_ELEM);
        code.jumpIfEqual(Register.R0, 0, "pass");
        code.load32(Register.R0, Register.R0, 0).and(Register.R0, PASS).exit();
        code.label("pass").move(Register.R0, PASS).exit();
        code.label("drop").move(Register.R0, DROP).exit();
        return code;
    }

    private static void key(Instructions code) {
        code.load32(Register.R7, Register.R6, PROTOCOL).shiftLeft(Register.R7, 16);
        code.load32(Register.R8, Register.R6, LOCAL_PORT).or(Register.R7, Register.R8);
        code.load32(Register.R9, Register.R6, FAMILY);
        code.jumpIfNotEqual(Register.R9, AF_INET, "six");
        code.store32(ADDRESS, 0).store32(ADDRESS + 4, 0).store32(ADDRESS + 8, MAPPED);
        code.load32(Register.R1, Register.R6, LOCAL_IP4).store32(ADDRESS + 12, Register.R1);
        code.jump("rest");
        code.label("six");
        for (int at = 0; at < 16; at += 4) {
            code.load32(Register.R1, Register.R6, LOCAL_IP6 + at).store32(ADDRESS + at, Register.R1);
        }
        code.label("rest").shiftLeft(Register.R9, 24).or(Register.R7, Register.R9).store32(REST, Register.R7);
        code.store32(ADDRESS_BITS, Steering.ADDRESS_BITS);
    }

    /** A client's packets all go to one socket: the same port, the same seat. */
    private static void lead(Instructions code, int sockets) {
        code.label("lead");
        code.load16(Register.R1, Register.R6, CLIENT_PORT).multiply32(Register.R1, SPREAD)
                .shiftRight32(Register.R1, 16).modulo32(Register.R1, Register.R7).add32(Register.R1, Register.R8);
        code.store32(SEAT, Register.R1);
        code.map(Register.R1, sockets).point(Register.R2, SEAT).call(Function.MAP_LOOKUP_ELEM);
        code.jumpIfEqual(Register.R0, 0, "drop");
        code.move(Register.R7, Register.R0);
        code.move(Register.R1, Register.R6).move(Register.R2, Register.R7).move(Register.R3, REPLACE)
                .call(Function.SK_ASSIGN);
        code.move(Register.R8, Register.R0);
        code.move(Register.R1, Register.R7).call(Function.SK_RELEASE);
        code.jumpIfNotEqual(Register.R8, 0, "drop");
        code.move(Register.R0, PASS).exit();
    }
}
