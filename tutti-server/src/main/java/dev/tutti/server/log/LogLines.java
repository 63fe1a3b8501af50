package dev.tutti.server.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.tutti.core.InstanceId;
import dev.tutti.server.config.LogSettings.LogFormat;
import dev.tutti.server.config.LogSettings.LogLevel;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Writes log lines to standard output: {@code [time] [LEVEL] [instance] message}, or one JSON object each. A thread of its
 * own writes them, from a queue of {@value #QUEUE} lines, so that a terminal or pipe that nobody reads never holds up an
 * event loop: lines below warning are dropped when the queue is four fifths full, all lines when it is full.
 *
 * <p>Logback finds this class as a service and needs no file; until {@link #set} is called, lines of warnings and errors are
 * written.
 */
public final class LogLines extends ContextAwareBase implements Configurator {
    /** Libraries whose every step is information to them. */
    private static final List<String> TALKATIVE =
            List.of("org.flywaydb", "com.github.kagkarlsson", "io.lettuce", "io.netty", "io.vertx");

    /** It warns, with a trace, of each connection that an outage ends. The code that used one is told, and the outage is logged once. */
    private static final String ALARMED = "com.zaxxer.hikari";

    private static final int QUEUE = 8_192;
    private static final int FLUSH_MILLIS = 2_000;

    /** For Logback. */
    public LogLines() {}

    @Override
    public ExecutionStatus configure(LoggerContext logback) {
        write(logback, new TextLines("-"), Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on, lines of {@code level} and above are written as {@code format}, each with {@code instance} in it. */
    public static void set(LogFormat format, LogLevel level, InstanceId instance) {
        LoggerContext logback = logback();
        logback.reset();
        logback.start();
        logback.addTurboFilter(new FileLimitLog());
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> new TextLines(instance.value());
            case JSON -> new JsonLines(instance.value());
        };
        write(logback, encoder, Level.toLevel(level.name()));
        setLevel(level);
    }

    /** From now on, lines of {@code level} and above are written, in the form of before. Safe while others log. */
    public static void setLevel(LogLevel level) {
        LoggerContext logback = logback();
        boolean alarming = level == LogLevel.INFO || level == LogLevel.WARN;
        logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level.name()));
        TALKATIVE.forEach(name -> logback.getLogger(name).setLevel(level == LogLevel.INFO ? Level.WARN : null));
        logback.getLogger(ALARMED).setLevel(alarming ? Level.ERROR : null); // null: that of the root
    }

    /** Writes what is waiting, for at most two seconds; lines that are logged later are lost. */
    public static void stop() {
        logback().stop();
    }

    private static LoggerContext logback() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    private static void write(LoggerContext logback, Encoder<ILoggingEvent> encoder, Level level) {
        encoder.setContext(logback);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(logback);
        console.setEncoder(encoder);
        console.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(logback);
        queue.setQueueSize(QUEUE);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(FLUSH_MILLIS);
        queue.addAppender(console);
        queue.start();
        Logger root = logback.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level);
        root.addAppender(queue);
    }
}
