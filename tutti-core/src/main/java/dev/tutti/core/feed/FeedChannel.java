package dev.tutti.core.feed;

import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers that one feed has at this instance, and the state of the feed as far as they know it. The state is guarded by its
 * monitor. The subscriptions are told of it under that monitor, too, so that what one of them holds is never older; they are woken
 * without it, in one task for each executor ({@link FeedDelivery}). The store is read under a lock of its own, by one at a time for
 * all who wait.
 */
final class FeedChannel {
    private final FeedKey key;
    private final FeedChannels owner;
    private final Set<ConflatedSubscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final ReentrantLock reading = new ReentrantLock();
    private boolean read; // since then, what comes is announced
    private long version; // of what was published; 0 if the store has none
    private @Nullable FeedState latest; // that one, if there is room for it
    private boolean held; // it is volatile, and was published
    private boolean closed;
    private long said; // the last one, by somebody, of a feed of which nothing was published
    private boolean missed; // something, perhaps; the store, which may have gone back, was not looked at since
    private boolean looking; // the store is being looked at for that
    private long lookedFrom; // the version when that began

    FeedChannel(FeedKey key, FeedChannels owner) {
        this.key = key;
        this.owner = owner;
    }

    void add(ConflatedSubscription subscription) {
        subscriptions.add(subscription);
    }

    void remove(ConflatedSubscription subscription) {
        subscriptions.remove(subscription);
        owner.leave(key);
    }

    boolean isEmpty() {
        return subscriptions.isEmpty();
    }

    void conflated() {
        owner.metrics().conflated();
    }

    /** The store has {@code state}, or had it. */
    void stored(FeedState state) {
        List<ConflatedSubscription> due;
        synchronized (this) {
            due = take(state);
        }
        FeedDelivery.wake(due);
    }

    private List<ConflatedSubscription> take(FeedState state) {
        read = true;
        if (state.version() > version || (state.version() == version && latest == null)) {
            version = state.version();
            said = 0;
            keep(state);
        }
        return tell(each -> each.offer(state));
    }

    /** A volatile feed has {@code state}, which is kept elsewhere. */
    void held(FeedState state) {
        List<ConflatedSubscription> due;
        synchronized (this) {
            held = true;
            said = 0;
            due = tell(each -> each.offer(state));
        }
        FeedDelivery.wake(due);
    }

    private void keep(FeedState state) {
        forget();
        if (!closed && owner.reserve(state.bytes())) {
            latest = state;
        }
    }

    private void forget() {
        if (latest != null) {
            owner.release(latest.bytes());
            latest = null;
        }
    }

    /**
     * The version behind which the store is to be asked now: 0 if it may have gone back. {@link #answered} and {@link #unanswered}
     * end that.
     */
    synchronized long asks() {
        if (!missed) {
            return version;
        }
        missed = false;
        looking = true;
        lookedFrom = version;
        return 0;
    }

    /**
     * The store answers {@code state}, which is older than the version that is known here, or another value of the same version, if
     * the store has gone back: it was restored, or its successor did not have all. A version that has come while it was looked at
     * is newer than the answer.
     */
    void answered(FeedState state) {
        List<ConflatedSubscription> due;
        synchronized (this) {
            boolean back = looking && version == lookedFrom && contradicts(state);
            looking = false;
            due = back ? goBack(state) : take(state);
        }
        FeedDelivery.wake(due);
    }

    private List<ConflatedSubscription> goBack(@Nullable FeedState state) {
        version = state == null ? 0 : state.version();
        said = 0;
        forget();
        if (state != null) {
            keep(state);
        }
        return tell(each -> each.goBack(state));
    }

    private boolean contradicts(FeedState state) {
        return state.version() < version || (state.version() == version && latest != null && !state.equals(latest));
    }

    /** The store has answered all that it has; without an answer for this feed it has none of it. */
    void answered() {
        List<ConflatedSubscription> due;
        synchronized (this) {
            boolean back = looking && version > 0 && version == lookedFrom;
            looking = false;
            due = back ? goBack(null) : List.of();
        }
        FeedDelivery.wake(due);
    }

    /** The store did not answer, and is to be looked at again. */
    synchronized void unanswered() {
        missed |= looking;
        looking = false;
    }

    /**
     * Somebody says that the feed has {@code announced}, which was not published: nothing, if another version was. It counts also if it is
     * smaller than what was said before, or one made-up version would be the last that anybody hears of.
     */
    void said(long announced) {
        FeedState state = new FeedState(key, announced, Optional.empty());
        List<ConflatedSubscription> due;
        synchronized (this) {
            if (held || version > 0 || announced == said) {
                return;
            }
            said = announced;
            due = tell(each -> each.say(state));
        }
        FeedDelivery.wake(due);
    }

    /** The subscriptions that are to be woken, as each of them says in answer to {@code what}. */
    private List<ConflatedSubscription> tell(Predicate<ConflatedSubscription> what) {
        List<ConflatedSubscription> due = new ArrayList<>();
        for (ConflatedSubscription each : subscriptions) {
            if (what.test(each)) {
                due.add(each);
            }
        }
        return due;
    }

    /**
     * How the feed was published, read from {@code store} unless that is known. Blocks.
     *
     * @param known what is newer than this is believed without a look
     */
    Optional<FeedState> current(long known, Supplier<Optional<FeedState>> store) {
        synchronized (this) {
            if (isKnown(known)) {
                return Optional.ofNullable(latest);
            }
        }
        reading.lock();
        try {
            synchronized (this) {
                if (isKnown(known)) {
                    return Optional.ofNullable(latest);
                }
            }
            Optional<FeedState> found = store.get();
            found.ifPresent(this::stored);
            synchronized (this) {
                read = true;
                return found.isPresent() ? found : Optional.ofNullable(latest);
            }
        } finally {
            reading.unlock();
        }
    }

    private boolean isKnown(long known) {
        return read && !missed && !looking && known <= Math.max(version, said) && (version == 0 || latest != null);
    }

    /** The version that somebody says last, of a feed of which nothing was published. */
    synchronized Optional<FeedState> saidState() {
        return said == 0 ? Optional.empty() : Optional.of(new FeedState(key, said, Optional.empty()));
    }

    /** Something may have been missed. */
    synchronized void missed() {
        read = false;
        missed = true;
    }

    /** Whether the store is to be asked when somebody says that it has {@code announced}. */
    synchronized boolean isNews(long announced) {
        return announced > version || missed || looking;
    }

    /** Nobody is here any more. */
    synchronized void close() {
        forget();
        closed = true;
    }
}
