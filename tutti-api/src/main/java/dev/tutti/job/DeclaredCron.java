package dev.tutti.job;

import java.time.Instant;

/**
 * A snapshot of a cron that instances of the cluster have declared.
 *
 * @param name the name of the cron
 * @param definition its expression and its time zone, as text
 * @param due the next time at which it enqueues its job; in the past if the job is overdue, for example because no running instance has
 *     declared the cron
 * @param missed the number of minutes for which the job was overdue although instances ran, 0 to 60. It is 0 again when the cron is run. A
 *     cron with 60 counts as removed: if an instance declares it again, it starts afresh, and overdue jobs are not enqueued
 */
public record DeclaredCron(String name, String definition, Instant due, int missed) {}
