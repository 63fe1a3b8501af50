package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a member's messages and the member's removal apart on this instance. Senders pass together, each from
 * the look at the membership to the acknowledged append; a removal waits for those who are on their way, and then goes
 * alone. So no message is written behind the removal of its sender, though the two are not one transaction.
 *
 * <p>Conversations share {@value #STRIPES} locks by hash. These are fair, because those who send never end and a removal
 * shall come through, for which StampedLock does not care. Waits are bounded. Safe for use by many threads; not reentrant.
 */
final class ConversationLocks {
    private static final int STRIPES = 1_024;
    private static final int EVERYBODY = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Semaphore[] stripes = new Semaphore[STRIPES];

    ConversationLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Semaphore(EVERYBODY, true);
        }
    }

    /** Runs {@code work} while no {@link #alone} of the conversation runs. */
    <T extends @Nullable Object> T together(String conversation, Supplier<T> work) {
        return with(conversation, 1, work);
    }

    /** Runs {@code work} while nothing else of the conversation runs. */
    <T extends @Nullable Object> T alone(String conversation, Supplier<T> work) {
        return with(conversation, EVERYBODY, work);
    }

    private <T extends @Nullable Object> T with(String conversation, int share, Supplier<T> work) {
        int hash = conversation.hashCode();
        Semaphore stripe = stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
        try {
            if (!stripe.tryAcquire(share, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TuttiException(ErrorCode.OVERLOADED, "the conversation is busy; nothing was done");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.GOING_AWAY, "interrupted before anything was done", interrupted);
        }
        try {
            return work.get();
        } finally {
            stripe.release(share);
        }
    }
}
