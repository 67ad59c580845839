package dev.fairlead.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.fairlead.config.ProxyConfig;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.LoggerFactory;

/** What is logged, and how. Until {@link #write} only what goes wrong is, on standard error. */
final class Logs {
    private static final String OURS = "dev.fairlead";
    private static final String API_CLIENT = "io.fabric8";
    private static final String HARDWARE_ADDRESS = "io.netty.util.internal.MacAddressUtil";
    private static final String API_WATCHES = "io.fabric8.kubernetes.client.dsl.internal.AbstractWatchManager";

    private Logs() {
    }

    /** From now on the log goes to {@code out}, as the settings say. */
    static void write(ProxyConfig.Logging logging, OutputStream out) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = switch (logging.format()) {
            case TEXT -> text(context);
            case JSON -> json(context);
        };
        attach(context, encoder, out);
        level(logging.level());
    }

    /** Changes what is logged, not how. */
    static void level(ProxyConfig.Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level ours = switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
        context.getLogger(OURS).setLevel(ours);
        // Libraries speak of their own affairs below that.
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
        // At each of its attempts the API client warns of an outage, with a stack trace; we tell it once.
        boolean curious = Level.DEBUG.isGreaterOrEqual(ours);
        context.getLogger(API_CLIENT).setLevel(curious ? Level.WARN : Level.ERROR);
        // A machine with nothing but loopback is no reason to worry.
        context.getLogger(HARDWARE_ADDRESS).setLevel(curious ? Level.WARN : Level.ERROR);
        context.getLogger(API_WATCHES).setLevel(curious ? Level.WARN : Level.OFF);
    }

    static void attach(LoggerContext context, Encoder<ILoggingEvent> encoder, OutputStream out) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(new Kept(out));
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /** A stream that outlives its appender: it is the process's, not the log's. */
    private static final class Kept extends OutputStream {
        private final OutputStream out;

        Kept(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level %msg%n");
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.start();
        return encoder;
    }
}
