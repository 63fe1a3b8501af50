package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.LOG;

/** The settings of the log. */
public final class LogSettings {
    /** The format in which log lines are written. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** The least important lines that are written. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    public static final Setting<LogFormat> LOG_FORMAT = Setting.open(
            "LOG_FORMAT",
            LOG,
            Type.oneOf(LogFormat.class),
            "text",
            "The format of log lines. text: [time] [LEVEL] [instance] message. json: one object per line.");

    public static final Setting<LogLevel> LOG_LEVEL = Setting.open(
            "LOG_LEVEL",
            LOG,
            Type.oneOf(LogLevel.class),
            "info",
            "The least important level that is logged. Lines of this level and of more important levels are written. On"
                    + " SIGHUP it is read again from .env.");

    private LogSettings() {}
}
