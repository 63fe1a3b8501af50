package dev.tutti.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to enqueue a job.
 *
 * @param kind the kind of the job, which selects its handler; 1 to 64 characters of {@code a-z 0-9 . _ -}, a letter first
 * @param data the input of the handler, at most {@link #MAX_DATA_BYTES}
 * @param runAt the earliest time at which the job runs; null for at once
 * @param priority -1,000 to 1,000; of the jobs that are due, those with a larger priority begin first
 * @param uniqueKey at most one job of a kind with the same key is pending or running; running jobs that were
 *     cancelled do not count. 1 to 128 printable ASCII characters, or null
 * @param batch the batch with which the job is counted; 1 to 128 printable ASCII characters, or null
 * @param owner the id of the user who may follow the job; 1 to 128 printable ASCII characters, or null
 * @param attempts the most attempts, 1 to 100; null for the {@link JobOptions#attempts} of its kind
 */
public record JobRequest(
        String kind,
        Json data,
        @Nullable Instant runAt,
        int priority,
        @Nullable String uniqueKey,
        @Nullable String batch,
        @Nullable String owner,
        @Nullable Integer attempts) {
    /** The most data, in bytes. */
    public static final int MAX_DATA_BYTES = 256 * 1024;

    /** The largest priority; the smallest one is its negative. */
    public static final int MOST_PRIORITY = 1_000;

    private static final int MOST_ATTEMPTS = 100;
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");
    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9._-]{0,63}");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,128}");

    public JobRequest {
        requireKind(kind);
        if (data.length() == 0 || data.length() > MAX_DATA_BYTES) {
            throw new TuttiException(
                    data.length() == 0 ? ErrorCode.BAD_REQUEST : ErrorCode.TOO_LARGE,
                    "job data has " + data.length() + " bytes; allowed are 1 to " + MAX_DATA_BYTES);
        }
        if (runAt != null && (runAt.isBefore(FIRST) || runAt.isAfter(LAST))) {
            throw refused("runAt " + runAt + "; allowed are " + FIRST + " to " + LAST);
        }
        if (Math.abs((long) priority) > MOST_PRIORITY) {
            throw refused("priority " + priority + "; allowed are -" + MOST_PRIORITY + " to " + MOST_PRIORITY);
        }
        requireKey("unique key", uniqueKey);
        requireKey("batch", batch);
        requireKey("owner", owner);
        if (attempts != null && (attempts < 1 || attempts > MOST_ATTEMPTS)) {
            throw refused("attempts " + attempts + "; allowed are 1 to " + MOST_ATTEMPTS);
        }
    }

    /** A request for a job that runs at once. */
    public static JobRequest of(String kind, Json data) {
        return new JobRequest(kind, data, null, 0, null, null, null, null);
    }

    /** The same, but the job does not run before {@code time}. */
    public JobRequest withRunAt(Instant time) {
        return new JobRequest(kind, data, time, priority, uniqueKey, batch, owner, attempts);
    }

    /** The same with the given priority. */
    public JobRequest withPriority(int value) {
        return new JobRequest(kind, data, runAt, value, uniqueKey, batch, owner, attempts);
    }

    /** The same with the given unique key. */
    public JobRequest withUniqueKey(String key) {
        return new JobRequest(kind, data, runAt, priority, key, batch, owner, attempts);
    }

    /** The same as a part of the given batch. */
    public JobRequest withBatch(String name) {
        return new JobRequest(kind, data, runAt, priority, uniqueKey, name, owner, attempts);
    }

    /** The same, with a user who may follow the job. */
    public JobRequest withOwner(String user) {
        return new JobRequest(kind, data, runAt, priority, uniqueKey, batch, user, attempts);
    }

    /** The same with the given number of attempts. */
    public JobRequest withAttempts(int number) {
        return new JobRequest(kind, data, runAt, priority, uniqueKey, batch, owner, number);
    }

    /** Whether {@code kind} is a valid name of a kind. */
    public static boolean isKind(String kind) {
        return KIND.matcher(kind).matches();
    }

    /**
     * Checks that {@code kind} is a valid name of a kind.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not valid
     */
    public static void requireKind(String kind) {
        if (!isKind(kind)) {
            throw refused("job kind '" + shorten(kind) + "' is not 1 to 64 characters of [a-z0-9._-], a letter first");
        }
    }

    static void requireKey(String name, @Nullable String key) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw refused(name + " '" + shorten(key) + "' is not 1 to 128 printable ASCII characters without spaces");
        }
    }

    private static String shorten(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }

    private static TuttiException refused(String message) {
        return new TuttiException(ErrorCode.BAD_REQUEST, message);
    }
}
