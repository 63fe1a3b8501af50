package dev.tutti.cluster.bus;

import dev.tutti.cluster.bus.Opened.RefusalReason;
import dev.tutti.concurrent.OncePerMinute;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the frames that were not heard, and writes a line about them, once a minute at most. Safe for use by many threads. */
final class Refusals {
    /** Frames that came over the bus and were not heard, by reason. */
    static final String REFUSED = "tutti.bus.refused";

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private final Map<RefusalReason, Counter> counters = new EnumMap<>(RefusalReason.class);
    private final OncePerMinute line = new OncePerMinute();

    Refusals(MeterRegistry meters) {
        for (RefusalReason reason : RefusalReason.values()) {
            counters.put(
                    reason,
                    Counter.builder(REFUSED)
                            .description("Frames that came over the bus and were not heard")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(meters));
        }
    }

    /** {@code frame} on {@code topic} was not heard. */
    void add(RefusalReason reason, String topic) {
        Counter counter = counters.get(reason);
        if (counter != null) {
            counter.increment();
        }
        if (line.now()) {
            log.warn("A frame on the bus, topic {}, was not heard: {}", topic, cause(reason));
        }
    }

    private static String cause(RefusalReason reason) {
        return switch (reason) {
            case VERSION -> "it is of another version of this server; what is durable is read from the log";
            case FORGED ->
                "it is not sealed with this cluster's secret; either an instance has another JWT_SECRET, or somebody"
                        + " else writes to the bus";
            case REPLAYED -> "it came before; somebody repeats what was sent over the bus";
            case STALE ->
                "it was sent more than " + SealedEnvelope.LONGEST_AGE.toMinutes()
                        + " minutes ago; either the clocks of two instances differ as much, or somebody repeats what"
                        + " was sent";
            case UNSEALED -> "without a secret only the positions of streams are heard";
            case UNREADABLE -> "what it says could not be taken";
        };
    }
}
