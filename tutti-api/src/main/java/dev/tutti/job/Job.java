package dev.tutti.job;

import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job, as it was when it was looked up.
 *
 * @param id which it is
 * @param kind which handler does it
 * @param data what the handler is given
 * @param state where it is
 * @param attempt how often it was begun
 * @param failures how often it has failed since it was enqueued or retried
 * @param priority the larger ones begin first
 * @param uniqueKey its key, if it has one
 * @param batch what it is a part of, if it is
 * @param owner the user who may follow it, if there is one
 * @param runAt not before when it is run
 * @param progress how far it was at last, if it said so
 * @param error why it failed at last, or was cancelled; at most 4,000 characters
 * @param cancelAsked whether it is running and shall stop
 * @param createdAt when it was enqueued
 * @param startedAt when it was begun at last
 * @param finishedAt when it was completed, or failed
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
    /** The kind of the streams that tell what happens to jobs. */
    public static final String STREAM_KIND = "job";

    /**
     * The stream that tells what happens to a job: one event for each change, whose type is the new state's
     * {@link JobState#text}, or {@code progress}.
     */
    public static StreamName stream(long id) {
        return StreamName.of(STREAM_KIND, Long.toString(id));
    }
}
