package dev.tutti.core.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** The metrics of feeds. Safe for use by many threads. */
final class FeedMetrics {
    private final MeterRegistry meters;
    private final Counter accepted;
    private final Counter stale;
    private final Counter conflated;
    private final Counter reads;
    private final Counter forgotten;
    private final Counter unreadable;

    FeedMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.accepted = published("accepted");
        this.stale = published("stale");
        this.conflated =
                counter("conflated", "Versions that a subscriber was not told, because a newer one came first");
        this.reads = counter("reads", "Reads of the store for those who are subscribed");
        this.forgotten = counter("forgotten", "Volatile feeds that were dropped for want of memory");
        this.unreadable = counter("unreadable", "Notifications on app_events that are not about a feed");
    }

    private Counter published(String outcome) {
        return Counter.builder("tutti.feed.published")
                .description("Versions that were published at this instance")
                .tag("outcome", outcome)
                .register(meters);
    }

    private Counter counter(String what, String description) {
        return Counter.builder("tutti.feed." + what).description(description).register(meters);
    }

    void keys(IntSupplier count) {
        Gauge.builder("tutti.feed.keys", count::getAsInt)
                .strongReference(true)
                .description("Feeds that somebody at this instance is subscribed to")
                .register(meters);
    }

    void published(boolean isAccepted) {
        (isAccepted ? accepted : stale).increment();
    }

    void conflated() {
        conflated.increment();
    }

    void read() {
        reads.increment();
    }

    void forgotten() {
        forgotten.increment();
    }

    void unreadable() {
        unreadable.increment();
    }
}
