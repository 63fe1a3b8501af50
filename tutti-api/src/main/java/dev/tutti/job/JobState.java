package dev.tutti.job;

import java.util.Locale;

/** Where a job is. */
public enum JobState {
    /** It waits for its time, or for a runner. */
    PENDING,
    /** A runner has begun it. */
    RUNNING,
    /** It has done what it should. */
    COMPLETED,
    /** It is given up, or was cancelled: a dead letter, which can be retried. */
    FAILED;

    /** As it is written in tables, events and answers, such as {@code pending}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
