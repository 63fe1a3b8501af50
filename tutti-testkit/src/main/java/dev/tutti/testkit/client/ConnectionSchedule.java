package dev.tutti.testkit.client;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The times for which a client is connected, and for which it is away in between, by chance. One thread asks; any may end them. */
public final class ConnectionSchedule {
    private static final long LONGEST_VISIT_MILLIS = 5_000;

    private final Random random;
    private final long longestMillis;
    private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

    /** By {@code random}, which nobody else uses; each is shorter than {@code longest}. */
    public ConnectionSchedule(Random random, Duration longest) {
        this.random = random;
        this.longestMillis = longest.toMillis();
    }

    /** Of one who is always there. */
    public static ConnectionSchedule none() {
        ConnectionSchedule none = new ConnectionSchedule(new Random(), Duration.ofSeconds(1));
        none.end();
        return none;
    }

    /** From now on there are none. */
    void end() {
        over.complete(null);
    }

    /** Whether there are none any longer. */
    boolean areOver() {
        return over.isDone();
    }

    /** How long the next visit shall be, if there is another absence behind it. */
    Duration visit() {
        return Duration.ofMillis(random.nextLong(LONGEST_VISIT_MILLIS));
    }

    /** Lets the next one pass. */
    void pass() {
        over.copy()
                .completeOnTimeout(null, random.nextLong(longestMillis), TimeUnit.MILLISECONDS)
                .join();
    }
}
