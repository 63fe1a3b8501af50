package dev.tutti.concurrent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The log of outages while this is open: levels and messages, by the threads whose tasks have them. */
public final class OutageLines extends Handler implements AutoCloseable {
    private record Line(Thread thread, String text) {}

    private final Logger logger = Logger.getLogger(OutageLog.class.getName());
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    /** Begins to listen. */
    public OutageLines() {
        logger.addHandler(this);
    }

    /** Those of {@code thread}, oldest first; other tests have outages of their own. */
    public List<String> of(@Nullable Thread thread) {
        return lines.stream()
                .filter(line -> line.thread().equals(thread))
                .map(Line::text)
                .toList();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(new Line(Thread.currentThread(), line.getLevel() + " " + line.getMessage()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
