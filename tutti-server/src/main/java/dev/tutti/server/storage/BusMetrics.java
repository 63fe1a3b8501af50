package dev.tutti.server.storage;

import dev.tutti.postgres.PostgresBus;
import dev.tutti.redis.RedisBus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What is known of the bus. */
final class BusMetrics {
    /** Messages handed to the bus. */
    static final String PUBLISHED = "tutti.bus.published";

    /** Messages of other instances that were heard. */
    static final String RECEIVED = "tutti.bus.received";

    /** Messages that were lost because too much waited or the bus was away. */
    static final String DROPPED = "tutti.bus.dropped";

    /** Messages that came though nobody here wants them. */
    static final String IGNORED = "tutti.bus.ignored";

    /** Of the frames that were not heard, those that have not even the form; {@code tutti-core} counts the others. */
    static final String REFUSED = "tutti.bus.refused";

    private BusMetrics() {}

    static void register(PostgresBus bus, MeterRegistry meters) {
        register(meters, bus, PostgresBus::published, PostgresBus::received, PostgresBus::dropped);
        refused(meters, bus, PostgresBus::foreign);
        FunctionCounter.builder(IGNORED, bus, PostgresBus::ignored)
                .description(
                        "Messages of other instances that came, over a channel of many topics, though nobody here wants them")
                .register(meters);
    }

    static void register(RedisBus bus, MeterRegistry meters) {
        register(meters, bus, RedisBus::published, RedisBus::received, RedisBus::dropped);
        refused(meters, bus, RedisBus::foreign);
    }

    private static <B> void refused(MeterRegistry meters, B bus, ToDoubleFunction<B> foreign) {
        FunctionCounter.builder(REFUSED, bus, foreign)
                .description("Frames that came over the bus and were not heard")
                .tag("reason", "foreign")
                .register(meters);
    }

    private static <B> void register(
            MeterRegistry meters,
            B bus,
            ToDoubleFunction<B> published,
            ToDoubleFunction<B> received,
            ToDoubleFunction<B> dropped) {
        FunctionCounter.builder(PUBLISHED, bus, published)
                .description("Messages handed to the bus")
                .register(meters);
        FunctionCounter.builder(RECEIVED, bus, received)
                .description("Messages of other instances that were heard")
                .register(meters);
        FunctionCounter.builder(DROPPED, bus, dropped)
                .description("Messages lost because too much waited or the bus was away; durable events are looked up")
                .register(meters);
    }
}
