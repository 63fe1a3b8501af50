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

    private BusMetrics() {}

    static void register(PostgresBus bus, MeterRegistry meters) {
        register(meters, bus, PostgresBus::published, PostgresBus::received, PostgresBus::dropped);
        FunctionCounter.builder(IGNORED, bus, PostgresBus::ignored)
                .description(
                        "Messages of other instances that came, over a channel of many topics, though nobody here wants them")
                .register(meters);
    }

    static void register(RedisBus bus, MeterRegistry meters) {
        register(meters, bus, RedisBus::published, RedisBus::received, RedisBus::dropped);
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
