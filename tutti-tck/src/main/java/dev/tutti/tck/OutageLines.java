package dev.tutti.tck;

import dev.tutti.concurrent.OutageLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The log of outages until this is closed: the level and message of each line, oldest first. Other tests have outages of their own,
 * whose lines are here as well. Safe for use by many threads.
 */
public final class OutageLines extends Handler implements AutoCloseable {
    private record Line(Thread thread, String text) {}

    private final List<Logger> loggers;
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** Begins to listen to {@link OutageLog}, and to {@code others} that log. */
    public OutageLines(Class<?>... others) {
        loggers = Stream.concat(Stream.<Class<?>>of(OutageLog.class), Stream.of(others))
                .map(source -> Logger.getLogger(source.getName()))
                .toList();
        loggers.forEach(logger -> logger.addHandler(this));
    }

    /** Those that {@code thread} has written. */
    public List<String> of(@Nullable Thread thread) {
        return those(line -> line.thread().equals(thread));
    }

    /** Those that begin with {@code beginning}, which has the level. */
    public List<String> starting(String beginning) {
        return those(line -> line.text().startsWith(beginning));
    }

    /** Those with {@code part} in them. */
    public List<String> containing(String part) {
        return those(line -> line.text().contains(part));
    }

    private List<String> those(Predicate<Line> which) {
        return lines.stream().filter(which).map(Line::text).toList();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(new Line(Thread.currentThread(), line.getLevel() + " " + line.getMessage()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(this));
    }
}
