package dev.tutti.job;

import java.time.Instant;

/**
 * A cron as the cluster knows it, when it was looked up.
 *
 * @param name which it is
 * @param definition its expression and its zone
 * @param due when it enqueues the next time; in the past while no instance has it
 * @param missed in how many minutes since then instances ran of which none had it, at most 60: with so many it was taken away
 */
public record DeclaredCron(String name, String definition, Instant due, int missed) {}
