package dev.tutti.cluster.bus;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToLongFunction;

/** The metrics of the bus. */
final class BusMetrics {
    private BusMetrics() {}

    static void register(Bus bus, MeterRegistry meters) {
        counter("tutti.bus.published", bus, BusCounts::published)
                .description("Messages handed to the bus")
                .register(meters);
        counter("tutti.bus.received", bus, BusCounts::received)
                .description("Messages of other instances that were heard")
                .register(meters);
        counter("tutti.bus.dropped", bus, BusCounts::dropped)
                .description("Messages lost because too much waited or the bus was away; durable events are looked up")
                .register(meters);
        counter("tutti.bus.ignored", bus, BusCounts::ignored)
                .description(
                        "Messages of other instances that came, over a channel of many topics, though nobody here wants them")
                .register(meters);
        // those that have not even the form; Refusals counts the others
        counter(Refusals.REFUSED, bus, BusCounts::foreign)
                .description("Frames that came over the bus and were not heard")
                .tag("reason", "foreign")
                .register(meters);
    }

    private static FunctionCounter.Builder<Bus> counter(String name, Bus bus, ToLongFunction<BusCounts> count) {
        return FunctionCounter.builder(name, bus, each -> count.applyAsLong(each.counts()));
    }
}
