package dev.tutti.job;

import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * A job that is enqueued again and again, once in the cluster each time.
 *
 * @param name which it is, 1 to 64 characters of {@code a-z 0-9 . _ -}, a letter first
 * @param expression minute, hour, day of month, month and day of week, as of cron, such as {@code 30 3 * * 1-5}; with a field
 *     for seconds before them if it has six
 * @param zone where these are the time; when clocks are put forward, what falls into the gap is due at the end of it; when they
 *     are put back, what they show twice is due the first time. One whose hour is {@code *} follows real time instead
 * @param job what is enqueued
 */
public record Cron(String name, String expression, ZoneId zone, JobRequest job) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]{0,63}");

    public Cron {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "cron name '" + name + "' is not 1 to 64 characters of [a-z0-9._-], a letter first");
        }
    }
}
