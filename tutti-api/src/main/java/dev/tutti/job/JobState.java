package dev.tutti.job;

import java.util.Locale;

/** The state of a job. */
public enum JobState {
    /** The job waits for its time, or for a runner. */
    PENDING,
    /** A runner is working on the job. */
    RUNNING,
    /** The handler of the job has returned. */
    COMPLETED,
    /** The last attempt has failed, or the job was cancelled. It is a dead letter, which can be retried. */
    FAILED;

    /** The state as it is written in tables, events and answers, such as {@code pending}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
