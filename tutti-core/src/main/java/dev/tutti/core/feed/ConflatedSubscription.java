package dev.tutti.core.feed;

import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedSubscription;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's interest in one feed. It holds one state at most, the latest that the subscriber was not given yet: a slow
 * subscriber costs no more than that, however much is published. Guarded by its lock, under which nobody else's code is called.
 */
public final class ConflatedSubscription implements FeedSubscription {
    private enum Phase {
        /** Nothing is given before {@link #begin}. */
        HELD,
        /** Nothing waits. */
        IDLE,
        /** The executor has been asked to give what waits. */
        GIVING,
        /** The subscriber was not ready. */
        STALLED,
        CLOSED
    }

    private final FeedChannel channel;
    private final FeedSubscriber subscriber;
    private Phase phase = Phase.HELD;
    private long version;
    private long told;
    private boolean back; // while nothing is given yet: what was read before is void
    private @Nullable FeedState waiting;

    ConflatedSubscription(FeedChannel channel, FeedSubscriber subscriber) {
        this.channel = channel;
        this.subscriber = subscriber;
    }

    /** What was held when it began, and the version that its subscriber has, which may be made up. */
    void found(Optional<FeedState> held, long known) {
        long latest = held.map(FeedState::version).orElse(0L);
        synchronized (this) {
            if (back) {
                version = waiting == null ? 0 : waiting.version();
                return;
            }
            version = latest;
            told = known <= latest ? known : 0; // a version of a feed that is not there: it has to learn of what is
            if (waiting != null && waiting.version() <= told) {
                waiting = null; // it came while the store was read
            }
        }
        held.ifPresent(this::offer);
    }

    /** Begins to give states, and not before what its caller has told the subscriber. */
    public void begin() {
        synchronized (this) {
            if (phase != Phase.HELD) {
                return;
            }
            phase = waiting == null ? Phase.IDLE : Phase.GIVING;
            if (phase == Phase.IDLE) {
                return;
            }
        }
        subscriber.executor().execute(this::give);
    }

    /** Gives {@code state} when the subscriber is ready, unless it has a newer one. */
    void offer(FeedState state) {
        boolean conflated;
        boolean ask;
        synchronized (this) {
            @Nullable FeedState before = waiting;
            if (phase == Phase.CLOSED || state.version() <= (before == null ? told : before.version())) {
                return;
            }
            waiting = state;
            conflated = before != null;
            ask = phase == Phase.IDLE;
            if (ask) {
                phase = Phase.GIVING;
            }
        }
        if (conflated) {
            channel.conflated();
        }
        if (ask) {
            subscriber.executor().execute(this::give);
        }
    }

    /** The store has {@code state} or, without one, nothing, and what the subscriber was told before is void: versions go on from there. */
    void goBack(@Nullable FeedState state) {
        boolean ask;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            back = phase == Phase.HELD;
            told = 0;
            waiting = state;
            ask = phase == Phase.IDLE && state != null;
            if (ask) {
                phase = Phase.GIVING;
            }
        }
        if (ask) {
            subscriber.executor().execute(this::give);
        }
    }

    /** On the executor. */
    private void give() {
        try {
            giveWaiting();
        } catch (Throwable defect) { // an Error, too: nobody above knows whose it is
            subscriber.onDefect(defect);
        }
    }

    private void giveWaiting() {
        boolean ready = subscriber.ready();
        @Nullable FeedState state;
        synchronized (this) {
            if (phase != Phase.GIVING) {
                return;
            }
            phase = ready ? Phase.IDLE : Phase.STALLED;
            state = ready ? waiting : null;
            if (state != null) {
                waiting = null;
                told = state.version();
            }
        }
        if (state != null) {
            subscriber.onState(state);
        }
    }

    /** Goes on, after {@link FeedSubscriber#ready} was false and is true again. Without effect otherwise. */
    public void resume() {
        synchronized (this) {
            if (phase != Phase.STALLED) {
                return;
            }
            phase = Phase.GIVING;
        }
        subscriber.executor().execute(this::give);
    }

    @Override
    public synchronized long version() {
        return version;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return;
            }
            phase = Phase.CLOSED;
            waiting = null;
        }
        channel.remove(this);
    }
}
