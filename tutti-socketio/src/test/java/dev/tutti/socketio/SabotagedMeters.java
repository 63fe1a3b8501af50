package dev.tutti.socketio;

import dev.tutti.edge.flow.FlowMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Meters that throw at one message to a client, before it is written, when they are told to. */
final class SabotagedMeters extends SimpleMeterRegistry {
    /** A message that waits, and then fails. */
    static final class Failure {
        private final Throwable what;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch happens = new CountDownLatch(1);

        private Failure(Throwable what) {
            this.what = what;
        }

        /** Waits until a message is held by it. */
        void awaitReached() throws InterruptedException {
            reached.await();
        }

        /** Lets it happen. */
        void happen() {
            happens.countDown();
        }
    }

    private final AtomicReference<@Nullable Failure> next = new AtomicReference<>();

    /** The next message to any client fails with {@code what}, an exception or an error. */
    Failure fail(Throwable what) {
        Failure failure = new Failure(what);
        next.set(failure);
        return failure;
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        return new CumulativeCounter(id) {
            @Override
            public void increment(double amount) {
                @Nullable Failure failure = id.getName().equals(FlowMetrics.MESSAGES_OUT) ? next.getAndSet(null) : null;
                if (failure != null) {
                    failure.reached.countDown();
                    try {
                        failure.happens.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    if (failure.what instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) failure.what;
                }
                super.increment(amount);
            }
        };
    }
}
