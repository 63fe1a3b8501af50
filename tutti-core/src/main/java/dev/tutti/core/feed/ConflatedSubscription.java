package dev.tutti.core.feed;

import dev.tutti.concurrent.Failures;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedSubscription;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's interest in one feed. It holds one state at most, the latest that the subscriber was not given yet: a slow
 * subscriber costs no more than that, however much is published. Guarded by its lock, under which nobody else's code is called:
 * those that tell it something have a {@link FeedDelivery} wake it afterwards, if it says so.
 */
public final class ConflatedSubscription implements FeedSubscription {
    private enum Phase {
        /** Nothing is given before {@link #begin}. */
        HELD,
        /** Nothing waits, or the executor did not take the task that would give it. */
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
    private long told; // of what was published; 0 if the subscriber has none of that
    private long heard; // what the subscriber was told that somebody only says, as long as nothing was published
    private boolean back; // while nothing is given yet: what was read before is void
    private @Nullable FeedState waiting;
    private boolean waitingIsSaid; // what waits is only said

    ConflatedSubscription(FeedChannel channel, FeedSubscriber subscriber) {
        this.channel = channel;
        this.subscriber = subscriber;
    }

    /** The state that was held when it began, or was only said, and the version that its subscriber has, which may be made up. */
    synchronized void found(Optional<FeedState> held, Optional<FeedState> said, long known) {
        if (back) {
            version = waiting == null ? 0 : waiting.version();
            return;
        }
        long latest = held.map(FeedState::version).orElse(0L);
        long saidVersion = held.isPresent() ? 0 : said.map(FeedState::version).orElse(0L);
        version = Math.max(latest, saidVersion);
        told = known <= latest ? known : 0; // a version of a feed that is not there: it has to learn of what is
        heard = known == saidVersion ? saidVersion : 0;
        if (waiting != null && isKnown(waiting, held.isPresent())) {
            waiting = null; // it came while the store was read
        }
        if (waiting != null && held.isEmpty()) {
            return; // so did this, which is later than what was said before
        }
        held.ifPresentOrElse(this::offer, () -> said.ifPresent(this::say)); // nobody is woken before it begins
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
        wake();
    }

    /**
     * Gives {@code state}, which was published, when the subscriber is ready, unless it has a newer one. Nothing that was only said
     * is newer.
     *
     * @return whether it is to be woken
     */
    boolean offer(FeedState state) {
        return take(state, false);
    }

    /**
     * Gives {@code state}, which is only said, when the subscriber is ready, unless it has that, or anything that was published.
     *
     * @return whether it is to be woken
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

    /** The executor on which something is given. */
    Executor executor() {
        return subscriber.executor();
    }

    /** The executor threw in the place of taking the task that gives what waits: the next state is given in the place of that. */
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
     * The store has {@code state} or, without one, nothing, and what the subscriber was told before is void: versions go on from there.
     *
     * @return whether it is to be woken
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

    /** Gives what waits, as {@code delivery} has it encoded. On the executor; throws nothing, as others are given theirs behind it. */
    void give(FeedDelivery delivery) {
        try {
            giveWaiting(delivery);
        } catch (Throwable defect) { // an Error, too: nobody above knows whose it is
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

    /** Goes on, after {@link FeedSubscriber#ready} was false and is true again. Without effect otherwise. */
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
