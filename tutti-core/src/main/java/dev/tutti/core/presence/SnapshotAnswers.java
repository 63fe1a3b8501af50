package dev.tutti.core.presence;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers to those who want all that this instance has told, in parts of a bounded size, some at a time, one answer at a time
 * for each of them. Safe for use by many threads; the sender is called without a lock.
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

    private final Set<UUID> asking = new LinkedHashSet<>();
    private final Map<UUID, Answer> answers = new LinkedHashMap<>();

    /** Somebody wants to know all; false if an answer is under way. */
    synchronized boolean ask(UUID instance) {
        return !answers.containsKey(instance) && asking.add(instance);
    }

    /** Answers those who have asked, and says who they are, with all that was {@code told} up to {@code revision}. */
    synchronized Set<UUID> begin(long revision, Collection<PresenceKey> told) {
        if (asking.isEmpty()) {
            return Set.of();
        }
        Set<UUID> begun = Set.copyOf(asking);
        List<PresenceKey> keys = List.copyOf(told);
        asking.forEach(instance -> answers.put(instance, new Answer(revision, keys, 0)));
        asking.clear();
        return begun;
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
        asking.remove(to);
        answers.remove(to);
    }
}
