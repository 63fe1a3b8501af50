package dev.tutti.postgres;

import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.OutageLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The log of outages and of tasks that fail, while this is open: levels and messages. */
final class JobLogLines extends Handler implements AutoCloseable {
    private final List<Logger> loggers = Stream.of(OutageLog.class, Failures.class)
            .map(source -> Logger.getLogger(source.getName()))
            .toList();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    JobLogLines() {
        loggers.forEach(logger -> logger.addHandler(this));
    }

    /** Those that start with that. */
    List<String> starting(String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).toList();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getLevel() + " " + line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        loggers.forEach(logger -> logger.removeHandler(this));
    }
}
