package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.forward.ProxyHeader.Malformed;
import dev.fairlead.forward.ProxyHeader.Own;
import dev.fairlead.forward.ProxyHeader.Partial;
import dev.fairlead.forward.ProxyHeader.Proxied;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.transport.DataPath;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as HAProxy's doc/proxy-protocol.txt has them, and everything that is none. */
class ProxyHeaderReaderTest {
    private static final ServicePortName WEB = new ServicePortName(new ServiceName("default", "web"), "http",
            Protocol.TCP, IpFamily.IPV4);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final int ROUNDS = 20_000;

    private static ProxyHeader line(String text) {
        return ProxyHeaderReader.read((text + "\r\n").getBytes(ISO_8859_1));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    // ---- version 1 ----

    @Test
    void a_line_names_both_ends() {
        String text = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443";
        assertThat(line(text)).isEqualTo(new Proxied(IpPort.of("192.168.0.1:56324"), IpPort.of("192.168.0.11:443"),
                text.length() + 2));
        assertThat(line("PROXY TCP6 2001:db8::1 FD00:0:0:0:0:0:0:2 1 65535")).isEqualTo(
                new Proxied(IpPort.of("[2001:db8::1]:1"), IpPort.of("[fd00::2]:65535"), 51));
        assertThat(line("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:192.0.2.2 1 2"))
                .isEqualTo(new Proxied(IpPort.of("192.0.2.1:1"), IpPort.of("192.0.2.2:2"), 50));
    }

    @Test
    void the_longest_line_is_taken_and_one_byte_more_is_not() {
        String v6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assertThat(line("PROXY UNKNOWN " + v6 + " " + v6 + " 65535 65535"))
                .isEqualTo(new Own(ProxyHeaderReader.LONGEST_V1));
        assertThat(line("PROXY UNKNOWN " + v6 + " " + v6 + " 65535 65535 "))
                .isInstanceOf(Malformed.class);
        String open = "PROXY UNKNOWN " + "x".repeat(ProxyHeaderReader.LONGEST_V1);
        assertThat(ProxyHeaderReader.read(open.substring(0, ProxyHeaderReader.LONGEST_V1 - 1).getBytes(US_ASCII)))
                .isInstanceOf(Partial.class);
        assertThat(ProxyHeaderReader.read(open.substring(0, ProxyHeaderReader.LONGEST_V1).getBytes(US_ASCII)))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void what_follows_is_not_looked_at() {
        byte[] header = "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n".getBytes(US_ASCII);
        byte[] all = Arrays.copyOf(header, header.length + 100);
        assertThat(ProxyHeaderReader.read(all)).isEqualTo(ProxyHeaderReader.read(header))
                .isEqualTo(new Proxied(IpPort.of("1.2.3.4:1"), IpPort.of("5.6.7.8:2"), header.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN", "PROXY UNKNOWN ", "PROXY UNKNOWN what\u00ffever comes"})
    void an_unknown_client_is_who_connected(String text) {
        assertThat(line(text)).isEqualTo(new Own(text.length() + 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY ", "PROXY TCP4", "PROXY tcp4 1.2.3.4 5.6.7.8 1 2", "PROXY TCP5 1.2.3.4 5.6.7.8 1 2",
            "PROXY  TCP4 1.2.3.4 5.6.7.8 1 2", "PROXY TCP4 1.2.3.4  5.6.7.8 1 2", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 ",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3", "PROXY TCP4 1.2.3.256 5.6.7.8 1 2",
            "PROXY TCP4 01.2.3.4 5.6.7.8 1 2", "PROXY TCP4 1.2.3 5.6.7.8 1 2", "PROXY TCP4 ::1 ::2 1 2",
            "PROXY TCP6 1.2.3.4 5.6.7.8 1 2", "PROXY TCP6 fe80::1%eth0 ::2 1 2", "PROXY TCP4 1.2.3.4 5.6.7.8 01 2",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536", "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2", "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2",
            "PROXY TCP4 localhost 5.6.7.8 1 2", "PROXY TCP4 1.2.3.4\r 5.6.7.8 1 2", "PROXY UNKNOWNX", "proxy UNKNOWN",
            "GET / HTTP/1.1", "\u0016\u0003\u0001"})
    void a_line_that_is_not_as_it_should_be_is_refused(String text) {
        assertThat(line(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void a_line_without_its_cr_is_refused() {
        assertThat(ProxyHeaderReader.read("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n".getBytes(US_ASCII)))
                .isInstanceOf(Malformed.class);
    }

    // ---- version 2 ----

    @Test
    void a_block_names_both_ends() {
        assertThat(ProxyHeaderReader.read(hex(SIGNATURE + "2111000c c0a80001 c0a8000b dc04 01bb")))
                .isEqualTo(new Proxied(IpPort.of("192.168.0.1:56324"), IpPort.of("192.168.0.11:443"), 28));
        assertThat(ProxyHeaderReader.read(hex(SIGNATURE + "21210024 20010db8000000000000000000000001"
                + "fd000000000000000000000000000002 0001 ffff")))
                .isEqualTo(new Proxied(IpPort.of("[2001:db8::1]:1"), IpPort.of("[fd00::2]:65535"), 52));
        assertThat(ProxyHeaderReader.read(hex(SIGNATURE + "21210024 00000000000000000000ffffc0000201"
                + "00000000000000000000ffffc0000202 0001 0002")))
                .isEqualTo(new Proxied(IpPort.of("192.0.2.1:1"), IpPort.of("192.0.2.2:2"), 52));
    }

    @ParameterizedTest
    @CsvSource({"20000000, 16", "2000000401020304, 20", "20ff0002ffff, 18", "21000000, 16", "21000003040000, 19",
            "2112000c0102030405060708000a000b, 28"})
    void a_health_check_and_a_family_without_connections_leave_who_connected(String rest, int length) {
        assertThat(ProxyHeaderReader.read(hex(SIGNATURE + rest))).isEqualTo(new Own(length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111000c", "3111000c", "2211000c", "2f11000c", "2110000c", "2113000c", "2141000c",
            "21ff000c"})
    void versions_commands_and_families_that_there_are_not_are_refused(String rest) {
        assertThat(ProxyHeaderReader.read(Arrays.copyOf(hex(SIGNATURE + rest), 28))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2111000b 0102030405060708000a00", "21210023", "213100d7", "2111ffff"})
    void a_block_that_is_too_short_or_too_long_is_refused(String rest) {
        assertThat(ProxyHeaderReader.read(Arrays.copyOf(hex(SIGNATURE + rest), 300))).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "0400", "040001", "04000201", "040000 e0ffff", "03000400000000", "030000",
            "0300050000000000"})
    void extensions_that_do_not_fill_the_block_and_false_checksums_are_refused(String extensions) {
        byte[] tail = hex(extensions);
        ByteBuffer block = ByteBuffer.allocate(28 + tail.length).put(hex(SIGNATURE + "2111"))
                .putShort((short) (12 + tail.length)).put(hex("01020304 05060708 000a 000b")).put(tail);
        assertThat(ProxyHeaderReader.read(block.array())).isInstanceOf(Malformed.class);
    }

    @Test
    void a_checksum_is_checked() {
        ByteBuffer block = ByteBuffer.allocate(28 + 7 + 4).put(hex(SIGNATURE + "21110017 01020304 05060708 000a 000b"))
                .put(hex("03000400000000 04000141"));
        CRC32C sum = new CRC32C();
        sum.update(block.array());
        block.putInt(31, (int) sum.getValue());
        assertThat(ProxyHeaderReader.read(block.array()))
                .isEqualTo(new Proxied(IpPort.of("1.2.3.4:10"), IpPort.of("5.6.7.8:11"), 39));
        int type = 28; // an extension of another type is none to be checked
        for (int bit = 0; bit < 39 * 8; bit++) {
            if (bit / 8 == type) {
                continue;
            }
            byte[] flipped = block.array().clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(ProxyHeaderReader.read(flipped)).as("bit %s flipped", bit).isNotInstanceOf(Proxied.class);
        }
    }

    @Test
    void every_beginning_of_a_header_may_become_one() throws UnknownHostException {
        long seed = System.nanoTime();
        System.out.println("every_beginning_of_a_header: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] header = written(random);
            for (int length = 0; length < header.length; length++) {
                assertThat(ProxyHeaderReader.read(Arrays.copyOf(header, length)))
                        .as("seed %s, %s bytes", seed, length).isInstanceOf(Partial.class);
            }
        }
    }

    @Test
    void what_is_written_is_read() throws UnknownHostException {
        long seed = System.nanoTime();
        System.out.println("what_is_written_is_read: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            IpPort source = address(random);
            IpPort destination = address(random);
            byte[] one = ProxyHeaderWriter.version1(source, destination);
            assertThat(one).hasSizeLessThanOrEqualTo(ProxyHeaderReader.LONGEST_V1);
            assertThat(ProxyHeaderReader.read(one)).as("seed %s", seed)
                    .isEqualTo(new Proxied(source, destination, one.length));
            byte[] two = ProxyHeaderWriter.version2(source, destination, WEB);
            assertThat(two).hasSizeLessThanOrEqualTo(DataPath.LONGEST_PREFACE);
            assertThat(ProxyHeaderReader.read(two)).as("seed %s", seed)
                    .isEqualTo(new Proxied(source, destination, two.length));
        }
    }

    @Test
    void a_name_that_there_is_no_room_for_is_left_out() {
        ServicePortName endless = new ServicePortName(new ServiceName("n".repeat(253), "s".repeat(253)), "p",
                Protocol.TCP, IpFamily.IPV4);
        assertThat(ProxyHeaderWriter.version2(IpPort.of("1.2.3.4:1"), IpPort.of("5.6.7.8:2"), endless)).hasSize(28);
    }

    /** Nothing throws, nothing is longer than it was, and what is over is no longer than it may be. */
    @Test
    void random_bytes_and_random_changes_of_headers_are_survived() throws UnknownHostException {
        long seed = System.nanoTime();
        System.out.println("random_bytes: seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? noise(random) : changed(written(random), random);
            ProxyHeader read = ProxyHeaderReader.read(bytes);
            switch (read) {
                case Proxied(_, _, int length) -> assertThat(length).as("seed %s", seed).isBetween(16, bytes.length);
                case Own(int length) -> assertThat(length).as("seed %s", seed).isBetween(15, bytes.length);
                case Partial _ -> assertThat(bytes.length).as("seed %s", seed)
                        .isLessThan(ProxyHeaderReader.LONGEST_V2);
                case Malformed(String why) -> {
                    assertThat(why).isNotEmpty();
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 4);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        byte[] start = random.nextBoolean() ? hex(SIGNATURE) : "PROXY TCP4 ".getBytes(US_ASCII);
        System.arraycopy(start, 0, bytes, 0, Math.min(bytes.length, random.nextInt(start.length + 1)));
        return bytes;
    }

    private static byte[] changed(byte[] header, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte one : header) {
            switch (random.nextInt(60)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> {
                    out.write(one);
                    out.write(one);
                }
                case 2 -> {
                    // left out
                }
                default -> out.write(one);
            }
        }
        return out.toByteArray();
    }

    private static byte[] written(Random random) throws UnknownHostException {
        return random.nextBoolean()
                ? ProxyHeaderWriter.version1(address(random), address(random))
                : ProxyHeaderWriter.version2(address(random), address(random), WEB);
    }

    private static IpPort address(Random random) throws UnknownHostException {
        byte[] ip = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(ip);
        if (ip.length == 16 && random.nextBoolean()) {
            Arrays.fill(ip, 0, random.nextInt(10), (byte) 0);
        }
        return new IpPort(InetAddress.getByAddress(ip), random.nextInt(65536));
    }
}
