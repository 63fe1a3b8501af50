package dev.tutti.server.storage;

import dev.tutti.postgres.PostgresBus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is known of the bus. */
final class BusMetrics {
    /** Messages handed to the bus. */
    static final String PUBLISHED = "tutti.bus.published";

    /** Messages of other instances that were heard. */
    static final String RECEIVED = "tutti.bus.received";

    /** Messages that were lost because too much waited or the bus was away. */
    static final String DROPPED = "tutti.bus.dropped";

    private BusMetrics() {}

    static void register(PostgresBus bus, MeterRegistry meters) {
        FunctionCounter.builder(PUBLISHED, bus, PostgresBus::published)
                .description("Messages handed to the bus")
                .register(meters);
        FunctionCounter.builder(RECEIVED, bus, PostgresBus::received)
                .description("Messages of other instances that were heard")
                .register(meters);
        FunctionCounter.builder(DROPPED, bus, PostgresBus::dropped)
                .description("Messages lost because too much waited or the bus was away; durable events are looked up")
                .register(meters);
    }
}
