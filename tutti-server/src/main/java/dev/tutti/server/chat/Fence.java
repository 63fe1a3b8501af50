package dev.tutti.server.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a member's messages and the member's removal apart on this instance. Who sends passes together with others, from
 * the look at the membership to the acknowledged append; a removal waits for those who are on their way, and then goes
 * alone. So no message is written behind the removal of its sender, though the two are not one transaction.
 *
 * <p>Conversations share {@value #STRIPES} locks by hash. Waits are bounded. Safe for use by many threads; not reentrant.
 */
final class Fence {
    private static final int STRIPES = 1_024;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final StampedLock[] stripes = new StampedLock[STRIPES];

    Fence() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new StampedLock();
        }
    }

    /** Runs {@code work} while no {@link #alone} of the conversation runs. */
    <T extends @Nullable Object> T together(String conversation, Supplier<T> work) {
        StampedLock lock = stripe(conversation);
        long stamp = lock.tryReadLock();
        if (stamp == 0) {
            stamp = patiently(lock::tryReadLock);
        }
        try {
            return work.get();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Runs {@code work} while nothing else of the conversation runs. */
    <T extends @Nullable Object> T alone(String conversation, Supplier<T> work) {
        StampedLock lock = stripe(conversation);
        long stamp = patiently(lock::tryWriteLock);
        try {
            return work.get();
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private interface Attempt {
        long lock(long time, TimeUnit unit) throws InterruptedException;
    }

    private static long patiently(Attempt attempt) {
        try {
            long stamp = attempt.lock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            if (stamp == 0) {
                throw new TuttiException(ErrorCode.OVERLOADED, "the conversation is busy; nothing was done");
            }
            return stamp;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.GOING_AWAY, "interrupted before anything was done", interrupted);
        }
    }

    private StampedLock stripe(String conversation) {
        int hash = conversation.hashCode();
        return stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
    }
}
