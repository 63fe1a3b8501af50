package dev.tutti.cluster.outage;

import dev.tutti.concurrent.TickerClock;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A circuit breaker before something that may be away. When half of the last {@value #CALLS} calls, and {@value #LEAST_CALLS} at
 * least, have failed, it opens: there are none for a pause, and then one at a time, until one succeeds. A caller that has acquired
 * a call says how it ended. Safe for use by many threads; does not block.
 */
public final class OutageBreaker {
    private static final int CALLS = 20;
    private static final int LEAST_CALLS = 5;
    private static final float FAILURES = 50;

    private final CircuitBreaker breaker;

    /**
     * One that is closed.
     *
     * @param pause for which there are no calls, 1 ms and more
     * @param ticker a monotonic clock in nanoseconds
     */
    public OutageBreaker(Duration pause, LongSupplier ticker) {
        this.breaker = CircuitBreaker.of(
                "tutti",
                CircuitBreakerConfig.custom()
                        .slidingWindow(CALLS, LEAST_CALLS, SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(FAILURES)
                        .waitDurationInOpenState(pause)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .clock(new TickerClock(ticker))
                        .build());
    }

    /** Runs {@code away} when it opens, and {@code back} when it is closed again; on the thread of that call. */
    public OutageBreaker onChange(Runnable away, Runnable back) {
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition()) {
                case CLOSED_TO_OPEN -> away.run();
                case HALF_OPEN_TO_CLOSED -> back.run();
                default -> {} // a call that finds out begins, or has failed
            }
        });
        return this;
    }

    /** Whether all calls are let through. */
    public boolean isClosed() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Whether there may be a call now; its end is to be said. */
    public boolean tryAcquire() {
        return breaker.tryAcquirePermission();
    }

    /** A call has succeeded. */
    public void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** A call has failed, or was late. */
    public void failed() {
        breaker.onError(0, TimeUnit.NANOSECONDS, new CallFailedException());
    }

    /** Nothing is known of a call. */
    public void release() {
        breaker.releasePermission();
    }

    /** The failure that the library wants to be told; it costs no stack trace. */
    private static final class CallFailedException extends Exception {
        private static final long serialVersionUID = 1;

        CallFailedException() {
            super("a call failed", null, false, false);
        }
    }
}
