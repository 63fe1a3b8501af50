package dev.tutti.core.limit;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how much costly work runs at a time, and divides its permits fairly between callers. The callers that wait get permits in turn,
 * each for one call: a caller with a hundred calls gets one permit while ninety-nine other callers get one each. While both known callers
 * and strangers wait, three of four permits go to known callers. The queue is bounded. Strangers may use half of its places, known callers
 * three quarters, so that neither group keeps the other out, and each address has a share of all places. Safe for use by many threads;
 * blocks.
 */
public final class FairPermits {
    private static final int SHARE_PERCENT = 50;
    private static final int PERMITS_OF_KNOWN = 3;

    private final int atOnce;
    private final Duration patience;
    private final String busy;
    private final Shares places; // by address, like those of strangers
    private final Shares strangerPlaces;
    private final Shares knownPlaces; // by account
    private final Lane known = new Lane(); // guarded by this, like what follows
    private final Lane strangers = new Lane();
    private int running;
    private int knownInARow;

    /**
     * Permits for {@code atOnce} calls at a time. At most {@code waiting} calls wait, each for at most {@code patience}.
     *
     * @param busy the message for calls that find no place in the queue, or have waited for too long
     */
    public FairPermits(int atOnce, int waiting, Duration patience, String busy) {
        this.atOnce = atOnce;
        this.patience = patience;
        this.busy = busy;
        int all = atOnce + waiting;
        this.places = new Shares(all, SHARE_PERCENT, 0);
        this.strangerPlaces = new Shares(all - all / 2, SHARE_PERCENT, 0);
        this.knownPlaces = new Shares(all - all / 4, SHARE_PERCENT, 0);
    }

    /**
     * The caller of costly work.
     *
     * @param holder the account of a known caller, the address of a stranger
     * @param known whether the caller has logged in before
     * @param address the holder of the caller's network address, see {@link NetworkAddress}: one person may have many accounts
     */
    public record Caller(String holder, boolean known, String address) {
        /** A caller that counts for {@code holder} alone. */
        public Caller(String holder, boolean known) {
            this(holder, known, holder);
        }
    }

    /**
     * Runs {@code work} with a permit, on this thread. Blocks while it waits for the permit.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if too many calls wait, or this one has waited for too long; with {@link
     *     ErrorCode#GOING_AWAY} if the thread is interrupted while it waits
     */
    public <T> T take(Caller caller, Supplier<T> work) {
        try (Permit _ = enter(caller)) {
            return work.get();
        }
    }

    /**
     * Waits for a permit. The caller has it until the permit is closed, by any thread. Throws as {@link #take} does.
     */
    public Permit enter(Caller caller) {
        Place place = place(caller);
        boolean entered = false;
        try {
            Waiter waiter = begin(caller);
            if (waiter != null) {
                await(waiter);
            }
            entered = true;
            return new Permit(place);
        } finally {
            if (!entered) {
                place.close();
            }
        }
    }

    private Place place(Caller caller) {
        Shares.Part ofAddress = places.take(caller.address(), true, 1).orElseThrow(this::busy);
        Shares alike = caller.known() ? knownPlaces : strangerPlaces;
        Optional<Shares.Part> ofHolder = alike.take(caller.holder(), true, 1);
        if (ofHolder.isEmpty()) {
            ofAddress.close();
            throw busy();
        }
        return new Place(ofAddress, ofHolder.get());
    }

    /** Takes a permit and returns null, or puts the caller into the queue. */
    private synchronized @Nullable Waiter begin(Caller caller) {
        if (running < atOnce) {
            running++;
            return null;
        }
        Waiter waiter = new Waiter(caller);
        lane(caller).add(waiter);
        return waiter;
    }

    private void await(Waiter waiter) {
        try {
            if (waiter.granted.await(patience.toNanos(), TimeUnit.NANOSECONDS) || !leave(waiter)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            if (!leave(waiter)) {
                next();
            }
            throw new TuttiException(ErrorCode.GOING_AWAY, "interrupted while waiting for a permit", interrupted);
        }
        throw busy();
    }

    /** Removes {@code waiter} from the queue; false if it was given its permit meanwhile. */
    private synchronized boolean leave(Waiter waiter) {
        return lane(waiter.caller).remove(waiter);
    }

    private synchronized void next() {
        boolean knownFirst = knownInARow < PERMITS_OF_KNOWN || strangers.isEmpty();
        Waiter waiter = knownFirst && !known.isEmpty() ? known.next() : strangers.next();
        if (waiter == null) {
            running--;
            return;
        }
        knownInARow = waiter.caller.known() ? knownInARow + 1 : 0;
        waiter.granted.countDown();
    }

    private Lane lane(Caller caller) {
        return caller.known() ? known : strangers;
    }

    private TuttiException busy() {
        return new TuttiException(ErrorCode.OVERLOADED, busy, Duration.ofSeconds(2));
    }

    /** The permit of one call. Closing it passes it on to the next waiting call; idempotent. Safe for use by many threads. */
    public final class Permit implements AutoCloseable {
        private final Place place;
        private final AtomicBoolean over = new AtomicBoolean();

        private Permit(Place place) {
            this.place = place;
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                next();
                place.close();
            }
        }
    }

    /** A place among those that run or wait: a part of the share of its address, and a part of the share of its holder. */
    private record Place(Shares.Part ofAddress, Shares.Part ofHolder) {
        void close() {
            ofHolder.close();
            ofAddress.close();
        }
    }

    private static final class Waiter {
        private final Caller caller;
        private final CountDownLatch granted = new CountDownLatch(1);

        Waiter(Caller caller) {
            this.caller = caller;
        }
    }

    /** The waiting calls of known callers or of strangers, by holder. The holder that gets the next permit comes first. */
    private static final class Lane {
        private final SequencedMap<String, Queue<Waiter>> waiting = new LinkedHashMap<>();

        boolean isEmpty() {
            return waiting.isEmpty();
        }

        void add(Waiter waiter) {
            waiting.computeIfAbsent(waiter.caller.holder(), _ -> new ArrayDeque<>())
                    .add(waiter);
        }

        boolean remove(Waiter waiter) {
            String holder = waiter.caller.holder();
            Queue<Waiter> calls = waiting.getOrDefault(holder, new ArrayDeque<>());
            boolean removed = calls.remove(waiter);
            if (calls.isEmpty()) {
                waiting.remove(holder);
            }
            return removed;
        }

        @Nullable
        Waiter next() {
            Map.Entry<String, Queue<Waiter>> first = waiting.pollFirstEntry();
            if (first == null) {
                return null;
            }
            Waiter waiter = first.getValue().poll();
            if (!first.getValue().isEmpty()) {
                waiting.put(first.getKey(), first.getValue());
            }
            return waiter;
        }
    }
}
