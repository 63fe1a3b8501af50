package dev.tutti.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.tutti.concurrent.OncePerMinute;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Makes one line a minute of what libraries log, each time with a trace, when the process may open no more files: each
 * connection that waits is then a failure, many times a second.
 */
final class FileLimitLog extends TurboFilter {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(FileLimitLog.class);
    private static final String REASON = "Too many open files"; // EMFILE, in the words of the system's library
    private static final int DEEPEST = 10;

    private final OncePerMinute line = new OncePerMinute();

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        if (!isReason(thrown == null ? last(params) : thrown)) {
            return FilterReply.NEUTRAL;
        }
        if (line.now()) {
            log.error(
                    "No more connections are accepted for the moment: the process has as many files and connections open as"
                            + " the system allows it. Raise that (ulimit -n, LimitNOFILE=) or lower MAX_CONNECTIONS; logged once a"
                            + " minute");
        }
        return FilterReply.DENY;
    }

    /** A failure that is logged behind other values comes as the last one of them. */
    private static @Nullable Throwable last(Object @Nullable [] params) {
        return params != null && params.length > 0 && params[params.length - 1] instanceof Throwable thrown
                ? thrown
                : null;
    }

    private static boolean isReason(@Nullable Throwable thrown) {
        @Nullable Throwable each = thrown;
        for (int depth = 0; each != null && depth < DEEPEST; depth++, each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains(REASON)) {
                return true;
            }
        }
        return false;
    }
}
