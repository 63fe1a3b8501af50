package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import dev.tutti.concurrent.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests to coordinators that are not answered yet; as many as loads are under way. A coordinator says at once that it is there, and
 * later what there is to do. A load that a coordinator gives to a request which has ended is declined. Safe for use by many threads.
 */
final class PendingAsks {
    /** One request. */
    final class PendingAsk implements AutoCloseable {
        private final long number;
        private final NodeTag coordinator;
        private final CompletableFuture<Boolean> heard = new CompletableFuture<>();
        private final CompletableFuture<Optional<CacheMessage.Answer>> answer = new CompletableFuture<>();

        private PendingAsk(long number, NodeTag coordinator) {
            this.number = number;
            this.coordinator = coordinator;
        }

        /** The number that its answers bear. */
        long number() {
            return number;
        }

        /** The coordinator's answer; empty if it has left, is not heard within {@code first}, or says nothing by {@code end}. */
        Optional<CacheMessage.Answer> await(Duration first, Deadline end) throws InterruptedException {
            try {
                Duration patience = first.compareTo(end.left()) < 0 ? first : end.left();
                boolean there = heard.get(patience.toNanos(), TimeUnit.NANOSECONDS);
                return there ? answer.get(end.left().toNanos(), TimeUnit.NANOSECONDS) : end();
            } catch (TimeoutException silent) {
                return end();
            } catch (InterruptedException told) {
                end().ifPresent(PendingAsks.this::decline);
                throw told;
            } catch (ExecutionException never) {
                throw new IllegalStateException("nobody lets it fail", never);
            }
        }

        /** Takes no answer from now on; the one that has come by now. */
        private Optional<CacheMessage.Answer> end() {
            answer.complete(Optional.empty());
            return answer.join();
        }

        /** Whether the coordinator has said anything, or has left. */
        boolean isHeard() {
            return heard.isDone();
        }

        private boolean take(CacheMessage.Answer said) {
            boolean last = !(said instanceof CacheMessage.Waiting) && answer.complete(Optional.of(said));
            heard.complete(true);
            return last;
        }

        private void leave() {
            answer.complete(Optional.empty());
            heard.complete(false);
        }

        /** Waits no more. */
        @Override
        public void close() {
            asks.remove(number);
        }
    }

    private final Consumer<CacheMessage.Granted> declined;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, PendingAsk> asks = new ConcurrentHashMap<>();

    /** None yet; {@code declined} tells a coordinator that a load which it has given to this instance is not done here. */
    PendingAsks(Consumer<CacheMessage.Granted> declined) {
        this.declined = declined;
    }

    /** Begins to wait for {@code coordinator}. */
    PendingAsk open(NodeTag coordinator) {
        PendingAsk ask = new PendingAsk(numbers.incrementAndGet(), coordinator);
        asks.put(ask.number, ask);
        return ask;
    }

    /** A coordinator has answered. */
    void answered(CacheMessage.Answer said) {
        @Nullable PendingAsk ask = asks.get(said.request());
        if (ask == null || !ask.coordinator.equals(said.from()) || !ask.take(said)) {
            decline(said);
        }
    }

    private void decline(CacheMessage.Answer said) {
        if (said instanceof CacheMessage.Granted granted) {
            declined.accept(granted);
        }
    }

    /** {@code gone} answers no more. */
    void left(NodeTag gone) {
        asks.values().stream().filter(ask -> ask.coordinator.equals(gone)).forEach(PendingAsk::leave);
    }
}
