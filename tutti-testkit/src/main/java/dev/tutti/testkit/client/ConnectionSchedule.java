package dev.tutti.testkit.client;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A random schedule of the times for which a client is connected and disconnected. For one thread, except {@link #end}, which any thread
 * may call.
 */
public final class ConnectionSchedule {
    private static final long LONGEST_VISIT_MILLIS = 5_000;

    private final Random random;
    private final long longestMillis;
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    /** A schedule whose absences are shorter than {@code longest}. {@code random} must not be used elsewhere. */
    public ConnectionSchedule(Random random, Duration longest) {
        this.random = random;
        this.longestMillis = longest.toMillis();
    }

    /** The schedule of a client that is always connected. */
    public static ConnectionSchedule none() {
        ConnectionSchedule none = new ConnectionSchedule(new Random(), Duration.ofSeconds(1));
        none.end();
        return none;
    }

    /** Ends the absences, including a present one: from now on the client is always connected. */
    void end() {
        over.complete(null);
    }

    /** Whether there are no more absences. */
    boolean areOver() {
        return over.isDone();
    }

    /** The length of the next connection, if an absence follows it. */
    Duration visit() {
        return Duration.ofMillis(random.nextLong(LONGEST_VISIT_MILLIS));
    }

    /** Blocks for the next absence, or until the absences end. */
    void pass() {
        over.copy()
                .completeOnTimeout(null, random.nextLong(longestMillis), TimeUnit.MILLISECONDS)
                .join();
    }
}
