package dev.tutti.redis;

import dev.tutti.concurrent.OutageLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log of outages while this is open: levels and messages. Safe for use by many threads. */
final class RedisLogLines extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger(OutageLog.class.getName());
    private final List<String> lines = new CopyOnWriteArrayList<>();

    RedisLogLines() {
        logger.addHandler(this);
    }

    /** Those about the server at {@code port}, oldest first; other tests have servers of their own. */
    List<String> about(int port) {
        return lines.stream().filter(line -> line.contains(":" + port)).toList();
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(line.getLevel() + " " + line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
