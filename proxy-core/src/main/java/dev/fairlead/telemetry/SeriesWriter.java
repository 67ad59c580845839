package dev.fairlead.telemetry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes series as Prometheus reads them, in either of its texts (the exposition format 0.0.4; OpenMetrics 1.0, whose
 * closing {@code # EOF} is somebody else's). A family begins with its first sample: one without any is not mentioned.
 * One thread; {@link #flush} at the end.
 */
final class SeriesWriter {
    /** The types that we have. */
    enum SeriesType {
        COUNTER("counter"), GAUGE("gauge"), HISTOGRAM("histogram");

        private final String word;

        SeriesType(String word) {
            this.word = word;
        }
    }

    private static final int BATCH = 64 * 1024;
    private static final LabelText INFINITY = LabelText.of("le", "+Inf");

    private final OutputStream out;
    private final MetricsText form;
    private byte[] batch = new byte[2 * BATCH];
    private int length;

    // Of the family at hand.
    private String header = "";
    private byte[] sample = {};
    private byte[] bucket = {};
    private byte[] count = {};
    private byte[] sum = {};

    SeriesWriter(OutputStream out, MetricsText form) {
        this.out = out;
        this.form = form;
    }

    /**
     * What follows are samples of this family.
     *
     * @param name without {@code _total}, which counters get
     * @param help one line without backslashes
     */
    void family(String name, SeriesType type, String help) {
        String full = type == SeriesType.COUNTER ? name + "_total" : name;
        header = switch (form) {
            case PROMETHEUS -> "# HELP %1$s %2$s\n# TYPE %1$s %3$s\n".formatted(full, help, type.word);
            case OPENMETRICS -> "# TYPE %1$s %3$s\n# HELP %1$s %2$s\n".formatted(name, help, type.word);
        };
        sample = ascii(full);
        bucket = ascii(name + "_bucket");
        count = ascii(name + "_count");
        sum = ascii(name + "_sum");
    }

    /** A sample of a counter or a gauge. */
    void add(LabelText labels, long value) throws IOException {
        add(labels, LabelText.NONE, value);
    }

    /** The same with one more label. */
    void add(LabelText labels, LabelText more, long value) throws IOException {
        line(sample, labels, more, Long.toString(value));
    }

    /**
     * A histogram.
     *
     * @param bounds of its buckets, as {@link #bounds} makes them
     * @param counts of each bucket alone; one more than bounds, the last for the rest
     */
    void histogram(LabelText labels, LabelText[] bounds, long[] counts, double total) throws IOException {
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            line(bucket, labels, i < bounds.length ? bounds[i] : INFINITY, Long.toString(below));
        }
        line(count, labels, LabelText.NONE, Long.toString(below));
        line(sum, labels, LabelText.NONE, Double.toString(total));
    }

    /** The labels of buckets with these upper bounds. */
    static LabelText[] bounds(double[] bounds) {
        LabelText[] labels = new LabelText[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            labels[i] = LabelText.of("le", Double.toString(bounds[i]));
        }
        return labels;
    }

    /** Hands over what has not been yet; does not flush the stream. */
    void flush() throws IOException {
        out.write(batch, 0, length);
        length = 0;
    }

    private void line(byte[] name, LabelText labels, LabelText more, String value) throws IOException {
        if (!header.isEmpty()) {
            byte[] lines = header.getBytes(StandardCharsets.UTF_8);
            room(lines.length);
            put(lines);
            header = "";
        }
        room(name.length + labels.length() + more.length() + value.length() + 5);
        put(name);
        if (!labels.isEmpty() || !more.isEmpty()) {
            batch[length++] = '{';
            put(labels);
            if (!labels.isEmpty() && !more.isEmpty()) {
                batch[length++] = ',';
            }
            put(more);
            batch[length++] = '}';
        }
        batch[length++] = ' ';
        for (int i = 0; i < value.length(); i++) {
            batch[length++] = (byte) value.charAt(i);
        }
        batch[length++] = '\n';
    }

    private void room(int bytes) throws IOException {
        if (length >= BATCH) {
            flush();
        }
        if (length + bytes > batch.length) {
            flush();
            batch = new byte[Math.max(batch.length, bytes)];
        }
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, batch, length, bytes.length);
        length += bytes.length;
    }

    private void put(LabelText labels) {
        labels.copyTo(batch, length);
        length += labels.length();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
