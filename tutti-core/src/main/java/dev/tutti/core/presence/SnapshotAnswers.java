package dev.tutti.core.presence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers to those who want all that this instance has told, in parts of a bounded size, some at a time, one answer at a
 * time for each of them. Safe for use by many threads; what sends is called without a lock.
 */
final class SnapshotAnswers {
    private static final int PART = 2_000;
    private static final int PARTS_AT_ONCE = 16;

    private record Answer(long revision, List<PresenceKey> keys, int from) {
        Answer from(int next) {
            return new Answer(revision, keys, next);
        }
    }

    private record Due(UUID to, Answer answer) {}

    private final Map<UUID, Answer> answers = new LinkedHashMap<>();

    /** Whether no answer to {@code wanted} is under way. */
    synchronized boolean isFree(UUID wanted) {
        return !answers.containsKey(wanted);
    }

    /** Answers {@code to}, soon, with all that was told up to {@code revision}. */
    synchronized void answer(UUID to, long revision, List<PresenceKey> keys) {
        answers.putIfAbsent(to, new Answer(revision, keys, 0));
    }

    /** Sends some parts, as {@code self}. */
    void send(UUID self, BiConsumer<UUID, PresenceMessage> send) {
        for (int i = 0; i < PARTS_AT_ONCE; i++) {
            @Nullable Due due = next();
            if (due == null) {
                return;
            }
            Answer answer = due.answer();
            int end = Math.min(answer.from() + PART, answer.keys().size());
            send.accept(
                    due.to(),
                    new PresenceMessage.Part(
                            self,
                            answer.revision(),
                            answer.from() == 0,
                            end == answer.keys().size(),
                            answer.keys().subList(answer.from(), end)));
        }
    }

    private synchronized @Nullable Due next() {
        if (answers.isEmpty()) {
            return null;
        }
        Map.Entry<UUID, Answer> first = answers.entrySet().iterator().next();
        UUID to = first.getKey();
        Answer answer = first.getValue();
        answers.remove(to);
        int next = answer.from() + PART;
        if (next < answer.keys().size()) {
            answers.put(to, answer.from(next)); // behind the others
        }
        return new Due(to, answer);
    }

    /** Answers {@code to} no more. */
    synchronized void left(UUID to) {
        answers.remove(to);
    }
}
