package dev.tutti.cli.command;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.ConfigurationError;
import dev.tutti.server.config.LogSettings;
import dev.tutti.server.config.LogSettings.LogLevel;
import dev.tutti.server.log.LogLines;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reload of {@code LOG_LEVEL} while a program runs. Safe for use by many threads. */
final class LogLevelReload {
    private static final Logger log = LoggerFactory.getLogger(LogLevelReload.class);

    private LogLevel current; // guarded by this

    /** Begins with that of {@code configuration}, which is in force. */
    LogLevelReload(Configuration configuration) {
        current = configuration.value(LogSettings.LOG_LEVEL);
    }

    /** Takes the level of {@code outcome}; with a mistake in that, whichever setting it is of, the one of before stays. */
    synchronized void read(Configuration.Outcome outcome) {
        switch (outcome) {
            case Configuration.Valid(Configuration configuration) -> take(configuration.value(LogSettings.LOG_LEVEL));
            case Configuration.Invalid invalid -> {
                for (ConfigurationError mistake : invalid.mistakes()) {
                    log.error("LOG_LEVEL stays {}: {}", lower(current), mistake.sentence());
                }
            }
        }
    }

    private synchronized void take(LogLevel next) {
        if (next == current) {
            return;
        }
        if (next.compareTo(current) > 0) {
            LogLines.setLevel(next); // so that the line below is written with either of them, if it is with one
        }
        log.info("LOG_LEVEL is {} from now on", lower(next));
        LogLines.setLevel(next);
        current = next;
    }

    private static String lower(LogLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
