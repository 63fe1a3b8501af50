package dev.tutti.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requests that this instance has sent to others, so many at a time, until each has answered, or has left, or it took
 * too long. Safe for use by many threads.
 *
 * @param <A> an answer
 */
public final class PendingRequests<A> {
    /**
     * The outcome of a request.
     *
     * @param answers in the order in which they came
     * @param left whether somebody who was asked has left
     * @param late whether somebody who is there did not answer in time
     * @param <A> an answer
     */
    public record Outcome<A>(List<A> answers, boolean left, boolean late) {
        /** Whether everybody has answered. */
        public boolean complete() {
            return !left && !late;
        }
    }

    /** One request, until it is answered. Safe for use by many threads. */
    public final class PendingRequest {
        private final long number;
        private final Set<NodeTag> asked;
        private final Set<NodeTag> waitedFor;
        private final List<A> answers = new ArrayList<>();
        private final CompletableFuture<Outcome<A>> outcome;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean left;

        private PendingRequest(long number, Set<NodeTag> asked, Duration timeout) {
            this.number = number;
            this.asked = Set.copyOf(asked);
            this.waitedFor = new HashSet<>(asked);
            this.outcome = done.completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .thenApply(_ -> {
                        waiting.remove(number);
                        return gathered();
                    });
        }

        /** The number that its answers bear. */
        public long number() {
            return number;
        }

        /** Those who were asked. */
        public Set<NodeTag> asked() {
            return asked;
        }

        /**
         * The outcome of this request. Code that depends on it runs on the thread that hears the last answer, or on a timer's, and
         * must be brief.
         */
        public CompletableFuture<Outcome<A>> outcome() {
            return outcome;
        }

        /** Ends it without an outcome, and answers whether there would have been one. */
        public boolean cancel() {
            boolean waited = waiting.remove(number) != null && outcome.cancel(false);
            done.complete(null); // which ends the timer
            return waited;
        }

        private void answered(NodeTag from, A answer) {
            synchronized (this) {
                if (waitedFor.remove(from)) {
                    answers.add(answer);
                }
            }
            doneWithLast();
        }

        private void leave(Predicate<NodeTag> gone) {
            synchronized (this) {
                left |= waitedFor.removeIf(gone);
            }
            doneWithLast();
        }

        /** Outside of the lock, as what depends on it is not ours. */
        private void doneWithLast() {
            if (isDone()) {
                done.complete(null);
            }
        }

        private synchronized boolean isDone() {
            return waitedFor.isEmpty();
        }

        private synchronized Outcome<A> gathered() {
            return new Outcome<>(List.copyOf(answers), left, !waitedFor.isEmpty());
        }
    }

    private final int most;
    private final Predicate<NodeTag> alive;
    private final Map<Long, PendingRequest> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /**
     * None yet.
     *
     * @param most how many there may be at a time
     * @param alive whether somebody has not left
     */
    public PendingRequests(int most, Predicate<NodeTag> alive) {
        this.most = most;
        this.alive = alive;
    }

    /**
     * Begins to wait for {@code asked}; sending them the request with its number is the caller's.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if too many are waited for
     */
    public PendingRequest open(Set<NodeTag> asked, Duration timeout) {
        PendingRequest request;
        synchronized (waiting) {
            if (waiting.size() >= most) {
                throw new TuttiException(
                        ErrorCode.OVERLOADED,
                        most + " answers of other instances are waited for",
                        Duration.ofSeconds(1));
            }
            request = new PendingRequest(numbers.incrementAndGet(), asked, timeout);
            waiting.put(request.number(), request);
        }
        request.leave(tag -> !alive.test(tag)); // whoever left before it was noted here is not told of again
        if (request.done.isDone()) {
            waiting.remove(request.number()); // its time was over before it was noted here, perhaps
        }
        return request;
    }

    /** Those that are waited for. */
    public Stream<PendingRequest> waiting() {
        return waiting.values().stream();
    }

    /** {@code from} has answered request {@code number}. An answer that nobody waits for is ignored. */
    public void answered(NodeTag from, long number, A answer) {
        @Nullable PendingRequest request = waiting.get(number);
        if (request != null) {
            request.answered(from, answer);
        }
    }

    /** The only one who was asked it has answered request {@code number}. An answer that nobody waits for is ignored. */
    public void answered(long number, A answer) {
        @Nullable PendingRequest request = waiting.get(number);
        if (request != null) {
            request.asked().forEach(from -> request.answered(from, answer));
        }
    }

    /** {@code gone} has left. */
    public void left(NodeTag gone) {
        waiting.values().forEach(request -> request.leave(gone::equals));
    }
}
