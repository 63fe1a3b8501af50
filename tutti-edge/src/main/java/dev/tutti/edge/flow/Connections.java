package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.Shares;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one instance and refuses those that are too many: for the instance, for one address before a
 * login, for one account afterwards, for all together that have not logged in, who leave the reserve to the others, and for all
 * together that stay without a login, who have half of the permits. The reserve also admits clients that show credentials at once, while
 * these are verified. Safe for use by many threads.
 */
public final class Connections {
    /** A way of being connected. */
    public enum Transport {
        /** A WebSocket, whatever is spoken over it. */
        WEBSOCKET,
        /** Server-sent events. */
        SSE,
        /** HTTP long-polling. */
        POLLING
    }

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Shares permits;
    private final Shares strangers; // those of the permits that are not in reserve
    private final Shares claimants; // those in reserve, for whoever says at once who it is, until that is known
    private final Shares guests; // half of the permits
    private final Map<Transport, AtomicInteger> byTransport = new EnumMap<>(Transport.class);
    private volatile boolean leaving;

    /** Room for {@code most} connections at a time, divided as {@code admission} says. */
    public Connections(int most, AdmissionSettings admission, MeterRegistry meters) {
        permits = new Shares(most, admission.addressPercent(), 0);
        strangers = new Shares(Math.max(1, most - (long) most * admission.reservePercent() / 100), 100, 0);
        claimants = new Shares(Math.max(1, most - strangers.whole()), admission.addressPercent(), 0);
        guests = new Shares(Math.max(1, most / 2), admission.addressPercent(), 0);
        for (Transport transport : Transport.values()) {
            AtomicInteger count = new AtomicInteger();
            byTransport.put(transport, count);
            Gauge.builder(FlowMetrics.CONNECTIONS, count, AtomicInteger::get)
                    .description("Open connections")
                    .tag(FlowMetrics.TRANSPORT, transport.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
    }

    /**
     * A place for one more connection, of a client at {@code address} that has not logged in yet.
     *
     * @throws TuttiException with {@link ErrorCode#INSTANCE_FULL} if there is none but in reserve, or the address has its share;
     *     with {@link ErrorCode#GOING_AWAY} if this instance is leaving
     */
    public Permit admit(Transport transport, String address) {
        return admit(transport, address, false);
    }

    /**
     * The same for a client whose handshake has credentials, if {@code claims}. Where all but the reserve is taken, it has a permit of
     * that ({@link Permit#isReserved}) while they are verified: the caller does that at once, and closes the permit if they are no good.
     */
    public Permit admit(Transport transport, String address, boolean claims) {
        if (leaving) {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is leaving", RETRY_AFTER);
        }
        String holder = NetworkAddress.holder(address);
        return permit(transport, strangers, holder, false)
                .or(() -> claims ? permit(transport, claimants, holder, true) : Optional.empty())
                .orElseThrow(this::full);
    }

    /** The refusal where there is no permit, or none but in reserve, which is for clients with good credentials. */
    public TuttiException full() {
        return new TuttiException(
                ErrorCode.INSTANCE_FULL,
                "this instance has its " + permits.whole()
                        + " connections, or clients without a login, or your address, their share of them",
                RETRY_AFTER);
    }

    private Optional<Permit> permit(Transport transport, Shares of, String holder, boolean reserved) {
        return of.take(holder, false, 1).flatMap(stranger -> {
            Optional<Shares.Part> place = permits.take(holder, false, 1);
            if (place.isEmpty()) {
                stranger.close();
            }
            return place.map(taken -> new Permit(transport, taken, stranger, holder, reserved));
        });
    }

    /** Admits nobody any more. */
    public void leave() {
        leaving = true;
    }

    /** Whether nobody is admitted any more: the drain tasks have run, or are about to. */
    public boolean isLeaving() {
        return leaving;
    }

    /** How many there are. */
    public int count() {
        return (int) permits.taken();
    }

    private void add(Transport transport, int change) {
        Objects.requireNonNull(byTransport.get(transport)).addAndGet(change);
    }

    /** The place of one connection; closing it, which is idempotent, gives it back. Safe for use by many threads. */
    public final class Permit implements AutoCloseable {
        private final Shares.Part place;
        private final Shares.Part stranger; // or of a claimant, until the client has logged in
        private final String address;
        private Shares.@Nullable Part guest;
        private Transport transport;
        private boolean reserved;
        private boolean closed;

        private Permit(Transport transport, Shares.Part place, Shares.Part stranger, String address, boolean reserved) {
            this.transport = transport;
            this.place = place;
            this.stranger = stranger;
            this.address = address;
            this.reserved = reserved;
            add(transport, 1);
        }

        /** Whether it is one of the reserve, and the client has not logged in yet. */
        public synchronized boolean isReserved() {
            return reserved;
        }

        /** The client has logged in; false if {@code account} has its share of the connections already. */
        public synchronized boolean moveTo(String account) {
            boolean moved = place.moveTo("account:" + account);
            if (moved) {
                stranger.close();
                reserved = false;
                leaveGuests();
            }
            return moved;
        }

        /**
         * The client stays without a login, for what anybody may read. Idempotent.
         *
         * @throws TuttiException with {@link ErrorCode#INSTANCE_FULL} if those who do have half of all permits, or its address its share
         *     of these, or this permit is one of the reserve
         */
        public synchronized void stay() {
            if (reserved && !closed) {
                throw full();
            }
            if (guest == null && !closed) {
                guest = guests.take(address, false, 1)
                        .orElseThrow(() -> new TuttiException(
                                ErrorCode.INSTANCE_FULL,
                                "clients without a login have their " + guests.whole()
                                        + " connections of this instance, or your address its share of them",
                                RETRY_AFTER));
            }
        }

        private void leaveGuests() {
            if (guest != null) {
                guest.close();
                guest = null;
            }
        }

        /** The connection goes on over another transport. */
        public synchronized void move(Transport other) {
            if (!closed) {
                add(transport, -1);
                add(other, 1);
                transport = other;
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                add(transport, -1);
                place.close();
                stranger.close();
                leaveGuests();
            }
        }
    }
}
