package dev.tutti.job;

import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a job.
 *
 * @param id the id of the job
 * @param kind the kind of the job, which selects its handler
 * @param data the input of the handler
 * @param state the state of the job
 * @param attempt the number of attempts that were begun
 * @param failures the number of failed attempts since the job was enqueued or retried
 * @param priority jobs with a larger priority begin first
 * @param uniqueKey the unique key; null if there is none
 * @param batch the batch of the job; null if there is none
 * @param owner the user who may follow the job; null if there is none
 * @param runAt the earliest time at which the job runs
 * @param progress the latest progress; null if none was stored
 * @param error the reason of the latest failure or cancellation, at most 4,000 characters; null if there is none
 * @param cancelAsked whether the job is running and was asked to stop
 * @param createdAt when the job was enqueued
 * @param startedAt when the latest attempt began; null if there was none
 * @param finishedAt when the job was completed or failed; null if it is not finished
 */
public record Job(
        long id,
        String kind,
        Json data,
        JobState state,
        int attempt,
        int failures,
        int priority,
        @Nullable String uniqueKey,
        @Nullable String batch,
        @Nullable String owner,
        Instant runAt,
        @Nullable Json progress,
        @Nullable String error,
        boolean cancelAsked,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {
    /** The kind of the streams with the events of jobs. */
    public static final String STREAM_KIND = "job";

    /**
     * The stream with the events of a job: one event for each change, whose type is the new state's
     * {@link JobState#text}, or {@code progress}.
     */
    public static StreamName stream(long id) {
        return StreamName.of(STREAM_KIND, Long.toString(id));
    }
}
