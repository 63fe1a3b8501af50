package dev.tutti.core.feed;

import dev.tutti.concurrent.Failures;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedSubscription;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The subscription of one subscriber to one feed. It keeps at most one state, the latest one that was not delivered yet; so a slow
 * subscriber costs no more memory, however much is published. Safe for use by many threads. Its lock guards its state, and no other code is
 * called under the lock: a caller that offers a state then wakes the subscription by a {@link FeedDelivery}, if the result says so.
 */
public final class ConflatedSubscription implements FeedSubscription {
    private enum Phase {
        /** Nothing is delivered before {@link #begin}. */
        HELD,
        /** No state waits, or the executor did not take the task that delivers it. */
        IDLE,
        /** The executor has the task that delivers the waiting state. */
        GIVING,
        /** The subscriber was not ready. */
        STALLED,
        CLOSED
    }

    private final FeedChannel channel;
    private final FeedSubscriber subscriber;
    private Phase phase = Phase.HELD;
    private long version;
    private long told; // the published version that the subscriber has; 0 for none
    private long heard; // the unconfirmed version that it has, as long as none was published
    private boolean back; // went back before the first delivery: states that were read before are void
    private @Nullable FeedState waiting;
    private boolean waitingIsSaid; // the waiting state is unconfirmed

    ConflatedSubscription(FeedChannel channel, FeedSubscriber subscriber) {
        this.channel = channel;
        this.subscriber = subscriber;
    }

    /** Sets the stored state, or else the unconfirmed one, and the version that the subscriber claims to have, which may be made up. */
    synchronized void found(Optional<FeedState> held, Optional<FeedState> said, long known) {
        if (back) {
            version = waiting == null ? 0 : waiting.version();
            return;
        }
        long latest = held.map(FeedState::version).orElse(0L);
        long saidVersion = held.isPresent() ? 0 : said.map(FeedState::version).orElse(0L);
        version = Math.max(latest, saidVersion);
        told = known <= latest ? known : 0; // a version that is ahead of the feed counts as none
        heard = known == saidVersion ? saidVersion : 0;
        if (waiting != null && isKnown(waiting, held.isPresent())) {
            waiting = null; // it arrived while the store was read
        }
        if (waiting != null && held.isEmpty()) {
            return; // so did this one, which is later than the unconfirmed one
        }
        held.ifPresentOrElse(this::offer, () -> said.ifPresent(this::say)); // not delivered before it begins
    }

    /** Begins delivery. Call it after the subscriber has got the answer to its subscription, which must come first. Does not block. */
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
        wake();
    }

    /**
     * Offers a published state, for delivery when the subscriber is ready, unless it has the same or a newer published one. Unconfirmed
     * states do not count.
     *
     * @return whether the caller must wake this subscription
     */
    boolean offer(FeedState state) {
        return take(state, false);
    }

    /**
     * Offers an unconfirmed state, for delivery when the subscriber is ready, unless it has the same one, or any published one.
     *
     * @return whether the caller must wake this subscription
     */
    boolean say(FeedState state) {
        return take(state, true);
    }

    private synchronized boolean take(FeedState state, boolean said) {
        if (phase == Phase.CLOSED || !(said ? isUnheard(state.version()) : isNewer(state.version()))) {
            return false;
        }
        if (waiting != null) {
            channel.conflated();
        }
        waiting = state;
        waitingIsSaid = said;
        return beginsToGive();
    }

    private boolean beginsToGive() {
        boolean begins = phase == Phase.IDLE && waiting != null;
        if (begins) {
            phase = Phase.GIVING;
        }
        return begins;
    }

    private void wake() {
        try {
            executor().execute(new FeedDelivery(List.of(this)));
        } catch (Throwable defect) {
            notTaken();
            throw defect;
        }
    }

    /** The executor on which states are delivered. */
    Executor executor() {
        return subscriber.executor();
    }

    /** Notes that the executor threw instead of taking the task of a delivery. The waiting state is delivered with the next offer. */
    synchronized void notTaken() {
        if (phase == Phase.GIVING) {
            phase = Phase.IDLE;
        }
    }

    private boolean isKnown(FeedState state, boolean published) {
        return waitingIsSaid ? published || state.version() == heard : state.version() <= told;
    }

    private boolean isNewer(long published) {
        return published > (waiting == null || waitingIsSaid ? told : waiting.version());
    }

    private boolean isUnheard(long said) {
        boolean published = told > 0 || (waiting != null && !waitingIsSaid);
        return !published && said != (waiting == null ? heard : waiting.version());
    }

    /**
     * Notes that the store has lost versions: it now has {@code state}, or none if this is null. The versions that the subscriber has are
     * void, and versions continue from there.
     *
     * @return whether the caller must wake this subscription
     */
    synchronized boolean goBack(@Nullable FeedState state) {
        if (phase == Phase.CLOSED) {
            return false;
        }
        back = phase == Phase.HELD;
        told = 0;
        heard = 0;
        waiting = state;
        waitingIsSaid = false;
        return beginsToGive();
    }

    /** Delivers the waiting state, encoded by {@code delivery}. Called on the executor. Throws nothing, because other deliveries follow. */
    void give(FeedDelivery delivery) {
        try {
            giveWaiting(delivery);
        } catch (Throwable defect) { // an Error, too: callers do not know the subscriber
            failed(defect);
        }
    }

    private void failed(Throwable defect) {
        try {
            subscriber.onDefect(defect);
        } catch (Throwable again) {
            Failures.note("Telling a subscriber of a feed that it was not given a state", again);
        }
    }

    private void giveWaiting(FeedDelivery delivery) {
        boolean ready = subscriber.ready();
        @Nullable FeedState state;
        synchronized (this) {
            boolean given = phase == Phase.GIVING || (phase == Phase.IDLE && waiting != null);
            if (!given) {
                return;
            }
            phase = ready ? Phase.IDLE : Phase.STALLED;
            state = ready ? waiting : null;
            if (state != null) {
                waiting = null;
                told = waitingIsSaid ? 0 : state.version();
                heard = waitingIsSaid ? state.version() : 0;
            }
        }
        if (state != null) {
            subscriber.onState(delivery.encoded(state));
        }
    }

    /** Continues after {@link FeedSubscriber#ready} was false and is true again. Otherwise it has no effect. */
    public void resume() {
        synchronized (this) {
            if (phase != Phase.STALLED) {
                return;
            }
            phase = Phase.GIVING;
        }
        wake();
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
