package dev.tutti.core.presence;

import dev.tutti.core.presence.PresenceState.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The questions for all that other instances have told: one at a time for each, which ends with the last part of its answer, or
 * after a time in which no part came. The differences that an instance tells meanwhile are kept for afterwards. Pure; times are
 * nanoseconds of one monotonic clock. Not safe for use by several threads.
 */
final class SnapshotRequests {
    /** For how long the next part of an answer is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * For how long the first part is, and twice as long with each question more: the other instance may not know of this one yet,
     * and the next heartbeat asks again.
     */
    static final Duration PATIENCE_AT_FIRST = Duration.ofMillis(900);

    private static final int MOST_DIFFERENCES = 1_000;

    private static final class Question {
        private final List<PresenceKey> keys = new ArrayList<>();
        private final List<Difference> since = new ArrayList<>();
        private boolean begun;
        private long patience = PATIENCE_AT_FIRST.toNanos();
        private long until;
    }

    private final Map<UUID, Question> questions = new HashMap<>();

    /** Whether {@code instance} is to be asked now: no answer of it is under way. */
    boolean ask(UUID instance, long now) {
        Question current = questions.get(instance);
        if (current != null && current.until - now > 0) {
            return false;
        }
        Question fresh = new Question();
        if (current != null) {
            fresh.since.addAll(current.since); // the answer to the first may be on its way
            fresh.patience = Math.min(current.patience * 2, PATIENCE.toNanos());
        }
        fresh.until = now + fresh.patience;
        questions.put(instance, fresh);
        return true;
    }

    /** A difference of {@code instance} that does not follow what is known of it: kept if an answer is under way. */
    void meanwhile(UUID instance, Difference difference) {
        Question current = questions.get(instance);
        if (current != null && current.since.size() < MOST_DIFFERENCES) {
            current.since.add(difference);
        }
    }

    /** Takes a part; with the last one, {@code state} knows all. Parts that nobody asked for are nothing. */
    void take(PresenceMessage.Part part, long now, PresenceState state) {
        Question current = questions.get(part.from());
        if (current == null) {
            return;
        }
        if (part.first()) {
            current.keys.clear();
            current.begun = true;
        }
        if (current.begun) {
            current.until = now + PATIENCE.toNanos();
            current.keys.addAll(part.keys());
            if (part.last()) {
                questions.remove(part.from());
                state.replace(part.from(), part.revision(), current.keys);
                current.since.forEach(difference -> state.apply(part.from(), difference));
            }
        }
    }

    /** Parts may have been lost: answers that have begun are not whole any more. */
    void interrupted() {
        questions.values().removeIf(question -> question.begun);
    }

    /** {@code instance} has left. */
    void left(UUID instance) {
        questions.remove(instance);
    }
}
