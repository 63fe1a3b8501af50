package dev.tutti.socketio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.cluster.NodeTag;
import dev.tutti.socketio.ClusterMessage.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The questions that this instance has put to others, at most {@value #MOST} at a time, until each has answered, or has
 * left, or it took too long. Safe for use by many threads.
 */
final class PendingRequests {
    static final int MOST = 1_000;

    /**
     * What came of a question.
     *
     * @param lost whether somebody who was asked has left
     * @param late whether somebody who is there did not answer in time
     */
    record Outcome(List<Answer> answers, boolean lost, boolean late) {
        /** Whether everybody has told everything. */
        boolean complete() {
            return !lost && !late && answers.stream().allMatch(Answer::complete);
        }
    }

    private static final class Request {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final List<Answer> answers = new ArrayList<>();
        private final Set<NodeTag> waitedFor;
        private boolean lost;

        Request(Set<NodeTag> asked) {
            waitedFor = new HashSet<>(asked);
            doneWithLast();
        }

        synchronized void answered(Answer answer) {
            if (waitedFor.remove(answer.from())) {
                answers.add(answer);
                doneWithLast();
            }
        }

        synchronized void leave(Predicate<NodeTag> gone) {
            if (waitedFor.removeIf(gone)) {
                lost = true;
                doneWithLast();
            }
        }

        private void doneWithLast() {
            if (waitedFor.isEmpty()) {
                done.complete(null);
            }
        }

        synchronized Outcome outcome() {
            return new Outcome(List.copyOf(answers), lost, !waitedFor.isEmpty());
        }
    }

    private final Map<Long, Request> waiting = new ConcurrentHashMap<>();
    private long numbers; // guarded by this

    /**
     * Waits for {@code asked}, whom {@code ask} puts the question with the given number to. What depends on the result runs on
     * the bus's thread, or the heartbeat's, and must be brief.
     *
     * @param alive whether somebody has not left
     * @throws TuttiException with {@link ErrorCode#LIMIT_REACHED} if too many are waited for
     */
    CompletableFuture<Outcome> ask(Set<NodeTag> asked, Predicate<NodeTag> alive, Duration timeout, LongConsumer ask) {
        Request request = new Request(asked);
        long number = add(request);
        CompletableFuture<Outcome> outcome = request.done
                .completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(_ -> {
                    waiting.remove(number);
                    return request.outcome();
                });
        request.leave(tag -> !alive.test(tag)); // who left before it was noted here is not told again
        if (!asked.isEmpty()) {
            try {
                ask.accept(number);
            } catch (Throwable failure) {
                request.done.complete(null);
                throw failure;
            }
        }
        return outcome;
    }

    private synchronized long add(Request request) {
        if (waiting.size() >= MOST) {
            throw new TuttiException(ErrorCode.LIMIT_REACHED, MOST + " answers of other instances are waited for");
        }
        waiting.put(++numbers, request);
        return numbers;
    }

    /** Somebody has answered. */
    void answered(Answer answer) {
        @Nullable Request request = waiting.get(answer.number());
        if (request != null) {
            request.answered(answer);
        }
    }

    /** {@code gone} has left. */
    void left(NodeTag gone) {
        waiting.values().forEach(request -> request.leave(gone::equals));
    }
}
