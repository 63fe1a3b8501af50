package dev.tutti.server.webhook;

import dev.tutti.core.Tutti;
import dev.tutti.server.outbound.OutboundClient;
import dev.tutti.server.webhook.WebhookTable.Found;
import dev.tutti.worker.WorkerContext;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the events of webhooks: a worker of {@value #SHARDS} shards, each of which has some of the webhooks and runs at one instance
 * at a time. It notes four times a second what was committed, and begins to deliver what is due.
 */
public final class WebhookWorker {
    private static final Logger log = LoggerFactory.getLogger(WebhookWorker.class);

    /** The worker's type. */
    public static final String TYPE = "webhooks";

    private static final int SHARDS = 4;
    private static final Duration PACE = Duration.ofMillis(250);
    private static final Duration IDLE_PACE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final WebhookDelivery delivery;

    /**
     * Declares it at {@code tutti}, which ends it; messages go by {@code http}, which the caller closes after that.
     *
     * @param ticker by which a receiver that fails is given a pause, in nanoseconds
     */
    public WebhookWorker(
            Tutti tutti,
            WebhookTable table,
            OutboundClient http,
            Clock clock,
            LongSupplier ticker,
            WebhookLimits limits) {
        this.delivery =
                WebhookDelivery.of(table, tutti.streams(), http, tutti.json(), clock, ticker, limits, tutti.meters());
        tutti.workers().builtIn(TYPE, SHARDS, this::run);
    }

    private void run(WorkerContext context) throws InterruptedException {
        Map<String, WebhookEndpoint> endpoints = new HashMap<>();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("tutti-webhook-", 0).factory());
        try {
            boolean first = true;
            Duration pause = Duration.ZERO;
            while (context.pause(pause)) {
                List<Found> found = delivery.table().ofShard(context.shard(), context.shards());
                delivery.table().note(context.lease(), found, first);
                first = false;
                Set<String> ids =
                        found.stream().map(each -> each.webhook().id()).collect(Collectors.toSet());
                endpoints.forEach((id, endpoint) -> {
                    if (!ids.contains(id)) {
                        endpoint.stop();
                    }
                });
                endpoints.keySet().retainAll(ids);
                for (Found each : found) {
                    Webhook webhook = each.webhook();
                    WebhookEndpoint endpoint = endpoints.computeIfAbsent(
                            webhook.id(), _ -> new WebhookEndpoint(webhook, context, delivery));
                    endpoint.become(webhook);
                    endpoint.deliverDue(threads);
                }
                pause = found.isEmpty() ? IDLE_PACE : PACE;
            }
        } finally {
            end(threads, context.lease().isHeld() ? GRACE : Duration.ZERO);
        }
    }

    /** Messages under way may come to their ends, so that nothing is posted twice because of a change of instances. */
    private static void end(ExecutorService threads, Duration grace) throws InterruptedException {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("Messages that are under way are given up; their events are posted again");
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
