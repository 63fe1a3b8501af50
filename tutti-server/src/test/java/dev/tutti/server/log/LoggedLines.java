package dev.tutti.server.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The lines of one logger until this is closed. Safe for use by many threads. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Logger source;

    /** Those from now on of the logger of that name. */
    public LoggedLines(String name) {
        source = (Logger) LoggerFactory.getLogger(name);
        start();
        source.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent line) {
        lines.add(line);
    }

    /** All of them, oldest first. */
    public List<ILoggingEvent> all() {
        return lines;
    }

    @Override
    public void close() {
        source.detachAppender(this);
    }
}
