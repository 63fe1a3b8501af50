package dev.tutti.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Json;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a job.
 *
 * @param kind which handler does it, 1 to 64 characters of {@code a-z 0-9 . _ -}, a letter first
 * @param data what the handler is given, at most {@link #MAX_DATA_BYTES}
 * @param runAt not before when; null for at once
 * @param priority -1,000 to 1,000: of those that are due, the larger ones begin first
 * @param uniqueKey one at a time of those of its kind with the same key is pending or running, a running one that was
 *     cancelled apart; 1 to 128 printable ASCII characters, or null
 * @param batch what it is a part of, to be counted with the others; 1 to 128 printable ASCII characters, or null
 * @param owner the id of the user who may follow it, 1 to 128 printable ASCII characters, or null
 * @param attempts how often it is tried, 1 to 100; null for as often as others of its kind
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

    /** The largest priority, and the smallest without its sign. */
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

    /** One that is run at once. */
    public static JobRequest of(String kind, Json data) {
        return new JobRequest(kind, data, null, 0, null, null, null, null);
    }

    /** The same, to be run not before {@code time}. */
    public JobRequest withRunAt(Instant time) {
        return new JobRequest(kind, data, time, priority, uniqueKey, batch, owner, attempts);
    }

    /** The same with that priority. */
    public JobRequest withPriority(int value) {
        return new JobRequest(kind, data, runAt, value, uniqueKey, batch, owner, attempts);
    }

    /** The same with that key. */
    public JobRequest withUniqueKey(String key) {
        return new JobRequest(kind, data, runAt, priority, key, batch, owner, attempts);
    }

    /** The same as a part of that batch. */
    public JobRequest withBatch(String name) {
        return new JobRequest(kind, data, runAt, priority, uniqueKey, name, owner, attempts);
    }

    /** The same, which that user may follow. */
    public JobRequest withOwner(String user) {
        return new JobRequest(kind, data, runAt, priority, uniqueKey, batch, user, attempts);
    }

    /** The same with so many attempts. */
    public JobRequest withAttempts(int number) {
        return new JobRequest(kind, data, runAt, priority, uniqueKey, batch, owner, number);
    }

    /** Whether {@code kind} is the name of a kind. */
    public static boolean isKind(String kind) {
        return KIND.matcher(kind).matches();
    }

    /**
     * Nothing, if {@code kind} is the name of a kind.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not
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
