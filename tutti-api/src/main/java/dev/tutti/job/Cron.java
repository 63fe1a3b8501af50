package dev.tutti.job;

import java.time.ZoneId;
import java.util.regex.Pattern;

/**
 * A schedule, at each of whose times a job is enqueued, once in the cluster.
 *
 * @param name the name of the schedule, 1 to 64 characters of {@code a-z 0-9 . _ -}, a letter first
 * @param expression the fields of cron: minute, hour, day of month, month and day of week, such as {@code 30 3 * * 1-5}. An additional
 *     first field is for seconds
 * @param zone the time zone of the expression. When clocks are put forward, times in the gap are due at its end; when clocks are put back,
 *     times that come twice are due the first time. An expression with the hour {@code *} follows real time instead
 * @param job the job that is enqueued
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
