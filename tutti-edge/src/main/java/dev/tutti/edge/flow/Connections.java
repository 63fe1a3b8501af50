package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of one instance and refuses those that are too many. Safe for use by many threads. */
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

    private final int most;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<Transport, AtomicInteger> byTransport = new EnumMap<>(Transport.class);
    private volatile boolean leaving;

    /** Room for {@code most} connections at a time. */
    public Connections(int most, MeterRegistry meters) {
        this.most = most;
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
     * A place for one more connection.
     *
     * @throws TuttiException with {@link ErrorCode#INSTANCE_FULL} if there is none, with {@link ErrorCode#GOING_AWAY} if
     *     this instance is leaving
     */
    public Seat admit(Transport transport) {
        if (leaving) {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is leaving", RETRY_AFTER);
        }
        if (all.incrementAndGet() > most) {
            all.decrementAndGet();
            throw new TuttiException(
                    ErrorCode.INSTANCE_FULL, "this instance has its " + most + " connections", RETRY_AFTER);
        }
        return new Seat(transport);
    }

    /** Admits nobody any more. */
    public void leave() {
        leaving = true;
    }

    /** How many there are. */
    public int count() {
        return all.get();
    }

    private void add(Transport transport, int change) {
        Objects.requireNonNull(byTransport.get(transport)).addAndGet(change);
    }

    /** The place of one connection; closing it, which is idempotent, gives it back. Safe for use by many threads. */
    public final class Seat implements AutoCloseable {
        private Transport transport;
        private boolean closed;

        private Seat(Transport transport) {
            this.transport = transport;
            add(transport, 1);
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
                all.decrementAndGet();
            }
        }
    }
}
