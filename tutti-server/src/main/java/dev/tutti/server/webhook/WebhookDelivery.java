package dev.tutti.server.webhook;

import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Streams;
import dev.tutti.server.outbound.OutboundClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The parts that the deliveries of all webhooks at this instance have in common.
 *
 * @param table where webhooks are kept
 * @param streams what is delivered
 * @param http by which it is
 * @param json how messages are written
 * @param clock whose time messages have
 * @param ticker by which receivers are given a pause, and deliveries are measured, in nanoseconds
 * @param limits how long, how often
 * @param permits of messages that are under way at a time
 * @param connections of the database that deliveries may have at a time
 * @param delivered measures those that were accepted
 * @param failed measures those that were not
 * @param events counts what was delivered
 */
record WebhookDelivery(
        WebhookTable table,
        Streams streams,
        OutboundClient http,
        JsonCodec json,
        Clock clock,
        LongSupplier ticker,
        WebhookLimits limits,
        Semaphore permits,
        Semaphore connections,
        Timer delivered,
        Timer failed,
        Counter events) {
    /** How long messages took, by their outcome. */
    static final String DELIVERIES = "tutti.webhook.deliveries";

    /** Events that were delivered. */
    static final String EVENTS = "tutti.webhook.events";

    /** A backlog leaves the rest of the pool to those who wait for an answer. */
    private static final int MAX_CONNECTIONS = 2;

    static WebhookDelivery of(
            WebhookTable table,
            Streams streams,
            OutboundClient http,
            JsonCodec json,
            Clock clock,
            LongSupplier ticker,
            WebhookLimits limits,
            MeterRegistry meters) {
        return new WebhookDelivery(
                table,
                streams,
                http,
                json,
                clock,
                ticker,
                limits,
                new Semaphore(WebhookLimits.MAX_UNDER_WAY),
                new Semaphore(MAX_CONNECTIONS),
                timer("delivered", meters),
                timer("failed", meters),
                Counter.builder(EVENTS)
                        .description("Events that webhooks have delivered")
                        .register(meters));
    }

    /** The result of {@code work}, which needs a connection of the database. */
    <T> T stored(Supplier<T> work) throws InterruptedException {
        connections.acquire();
        try {
            return work.get();
        } finally {
            connections.release();
        }
    }

    private static Timer timer(String outcome, MeterRegistry meters) {
        return Timer.builder(DELIVERIES)
                .description("How long messages of webhooks took, by their outcome")
                .tag("outcome", outcome)
                .register(meters);
    }
}
