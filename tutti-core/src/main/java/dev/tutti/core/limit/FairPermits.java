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
 * Gives callers their turns at costly work of which only a little may go on at a time. Turns go round between callers, not
 * between calls: one who asks a hundred times is served once while ninety-nine others are. Callers that are known have three
 * of four turns while both kinds wait. Of the places to wait in, strangers have half at most and those who are known three
 * quarters, so that neither keeps the others out; one address has its share of all. Safe for use by many threads; blocks.
 */
public final class FairPermits {
    private static final int SHARE_PERCENT = 50;
    private static final int TURNS_OF_KNOWN = 3;

    private final int atOnce;
    private final Duration patience;
    private final String busy;
    private final Shares places; // by address, like those of strangers
    private final Shares strangerPlaces;
    private final Shares knownPlaces; // by account
    private final Lane known = new Lane(); // guarded by this, like what follows
    private final Lane strangers = new Lane();
    private int going;
    private int knownInARow;

    /**
     * {@code atOnce} pieces of work at a time; {@code waiting} callers wait at most, each for {@code patience}.
     *
     * @param busy the message for callers that cannot wait, or have waited for too long
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
     * Somebody who asks.
     *
     * @param holder an address, or of those who are known the account
     * @param known whether this has logged in before
     * @param address whose the network address is, see {@link NetworkAddress}: somebody may have many accounts
     */
    public record Caller(String holder, boolean known, String address) {
        /** One that counts for {@code holder} alone. */
        public Caller(String holder, boolean known) {
            this(holder, known, holder);
        }
    }

    /**
     * Does {@code work} when it is the caller's turn.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if too many wait, or the caller has waited for too long
     */
    public <T> T take(Caller caller, Supplier<T> work) {
        try (Turn _ = enter(caller)) {
            return work.get();
        }
    }

    /**
     * The caller's turn, as soon as it is that; it lasts until it is closed, by whichever thread. Throws as {@link #take} does.
     */
    public Turn enter(Caller caller) {
        Place place = place(caller);
        boolean entered = false;
        try {
            Waiter waiter = begin(caller);
            if (waiter != null) {
                await(waiter);
            }
            entered = true;
            return new Turn(place);
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

    /** Has the turn at once, or waits in line. */
    private synchronized @Nullable Waiter begin(Caller caller) {
        if (going < atOnce) {
            going++;
            return null;
        }
        Waiter waiter = new Waiter(caller);
        lane(caller).add(waiter);
        return waiter;
    }

    private void await(Waiter waiter) {
        try {
            if (waiter.turn.await(patience.toNanos(), TimeUnit.NANOSECONDS) || !leave(waiter)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            if (!leave(waiter)) {
                next();
            }
            throw new TuttiException(ErrorCode.GOING_AWAY, "interrupted while waiting for a turn", interrupted);
        }
        throw busy();
    }

    /** Out of the line; false if the turn was given meanwhile. */
    private synchronized boolean leave(Waiter waiter) {
        return lane(waiter.caller).remove(waiter);
    }

    private synchronized void next() {
        boolean knownFirst = knownInARow < TURNS_OF_KNOWN || strangers.isEmpty();
        Waiter waiter = knownFirst && !known.isEmpty() ? known.next() : strangers.next();
        if (waiter == null) {
            going--;
            return;
        }
        knownInARow = waiter.caller.known() ? knownInARow + 1 : 0;
        waiter.turn.countDown();
    }

    private Lane lane(Caller caller) {
        return caller.known() ? known : strangers;
    }

    private TuttiException busy() {
        return new TuttiException(ErrorCode.OVERLOADED, busy, Duration.ofSeconds(2));
    }

    /** A turn that somebody has; closing it, which is idempotent, gives it to the next. Safe for use by many threads. */
    public final class Turn implements AutoCloseable {
        private final Place place;
        private final AtomicBoolean over = new AtomicBoolean();

        private Turn(Place place) {
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

    /** A place to wait in, of all and of those of its kind. */
    private record Place(Shares.Part ofAddress, Shares.Part ofHolder) {
        void close() {
            ofHolder.close();
            ofAddress.close();
        }
    }

    private static final class Waiter {
        private final Caller caller;
        private final CountDownLatch turn = new CountDownLatch(1);

        Waiter(Caller caller) {
            this.caller = caller;
        }
    }

    /** Those who wait, by holder; the holder whose turn is next comes first. */
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
