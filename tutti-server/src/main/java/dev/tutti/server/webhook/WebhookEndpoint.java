package dev.tutti.server.webhook;

import dev.tutti.TuttiException;
import dev.tutti.cluster.outage.OutageBreaker;
import dev.tutti.concurrent.Backoff;
import dev.tutti.server.outbound.OutboundClient.Answer;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.worker.WorkerContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiver of one webhook, behind a circuit breaker. Each stream has one message under way at a time, and the next one after that was
 * accepted; several streams have one at a time. Each stream has a virtual thread of its own while something of it waits.
 */
final class WebhookEndpoint {
    private static final Logger log = LoggerFactory.getLogger(WebhookEndpoint.class);
    private static final int MAX_STREAMS = 100;
    private static final int MAX_UNDER_WAY = 8;
    private static final Duration BREAK = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final int GONE = 410;
    private static final int LONGEST_ERROR = 300;

    private final WorkerContext context;
    private final WebhookDelivery delivery;
    private final Semaphore permits = new Semaphore(MAX_UNDER_WAY);
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final OutageBreaker breaker;
    private volatile Webhook webhook;
    private volatile boolean stopped;

    WebhookEndpoint(Webhook webhook, WorkerContext context, WebhookDelivery delivery) {
        this.webhook = webhook;
        this.context = context;
        this.delivery = delivery;
        this.breaker = new OutageBreaker(BREAK, delivery.ticker());
    }

    /** Takes {@code latest} for the webhook from now on. */
    void become(Webhook latest) {
        webhook = latest;
    }

    /** It is not there any more. */
    void stop() {
        stopped = true;
    }

    /** Begins to deliver what is due, on {@code threads}. While the receiver seems to be away that is one stream. */
    void deliverDue(Executor threads) {
        int most = breaker.isClosed() ? MAX_STREAMS : 1;
        int room = most - underWay.size();
        if (webhook.state() != Webhook.State.ACTIVE || room <= 0) {
            return;
        }
        for (WaitingStream stream : delivery.table().due(webhook.id(), underWay, room)) {
            underWay.add(stream.stream());
            threads.execute(() -> deliver(stream));
        }
    }

    private void deliver(WaitingStream stream) {
        try {
            permits.acquire();
            try {
                WaitingStream rest = stream;
                while (rest.cursor() < rest.head() && mayDeliver()) {
                    rest = step(rest);
                }
            } finally {
                permits.release();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (TuttiException later) { // the store is away, or the lease is somebody else's: whoever has it goes on
            log.debug("Webhook {}: {} is left for later", webhook.id(), stream.stream(), later);
        } catch (RuntimeException | Error defect) {
            log.error("Webhook {}: {} could not be delivered", webhook.id(), stream.stream(), defect);
        } finally {
            underWay.remove(stream.stream());
        }
    }

    private boolean mayDeliver() {
        return !stopped && context.isActive() && webhook.state() == Webhook.State.ACTIVE;
    }

    /** Delivers one message; what is left then, which is nothing if that failed. */
    private WaitingStream step(WaitingStream stream) throws InterruptedException {
        StreamName name = new StreamName(stream.stream());
        ReadResult read = delivery.stored(
                () -> delivery.streams().read(name, new Range.After(stream.cursor()), WebhookMessage.MAX_EVENTS));
        return switch (read) {
            case ReadResult.Gap gap ->
                sent(
                        stream,
                        WebhookMessage.of(webhook.id(), gap, delivery.clock().instant(), delivery.json()),
                        gap.reason() == ReadResult.Gap.Reason.AHEAD
                                ? stream.head()
                                : Math.min(gap.resume(), stream.head()));
            case ReadResult.Page page -> {
                List<Event> batch = WebhookMessage.fitting(page.events().stream()
                        .takeWhile(event -> event.seq() <= stream.head())
                        .toList());
                List<Event> wanted = batch.stream()
                        .filter(event -> webhook.wants(event.type()))
                        .toList();
                long to = batch.isEmpty() ? stream.head() : batch.getLast().seq();
                yield wanted.isEmpty()
                        ? delivered(stream, to, false)
                        : sent(stream, WebhookMessage.of(webhook.id(), wanted, delivery.json()), to);
            }
        };
    }

    private WaitingStream sent(WaitingStream stream, WebhookMessage message, long to) throws InterruptedException {
        delivery.permits().acquire();
        try {
            if (!mayDeliver() || !breaker.tryAcquire()) {
                return ended(stream);
            }
            return posted(stream, message, to);
        } finally {
            delivery.permits().release();
        }
    }

    private WaitingStream posted(WaitingStream stream, WebhookMessage message, long to) throws InterruptedException {
        Webhook now = webhook;
        long begin = delivery.ticker().getAsLong();
        String error;
        Answer answer = null;
        try {
            answer = delivery.http()
                    .post(
                            place(now.url()),
                            message.headers(now.secrets(), delivery.clock().instant()),
                            message.body(),
                            delivery.limits().timeout());
            error = "HTTP status " + answer.status();
        } catch (IOException unreachable) {
            String reason = String.valueOf(unreachable.getMessage());
            error = reason.substring(0, Math.min(reason.length(), LONGEST_ERROR));
        } catch (InterruptedException | RuntimeException | Error ended) {
            breaker.release();
            throw ended;
        }
        long nanos = delivery.ticker().getAsLong() - begin;
        if (answer != null && answer.succeeded()) {
            breaker.succeeded();
            delivery.delivered().record(nanos, TimeUnit.NANOSECONDS);
            WaitingStream rest = delivered(stream, to, true);
            delivery.events().increment(message.events());
            return rest;
        }
        breaker.failed();
        delivery.failed().record(nanos, TimeUnit.NANOSECONDS);
        Duration pause = pause(stream.attempts());
        if (answer != null) {
            Duration asked = answer.retryAfter().orElse(Duration.ZERO);
            pause = least(greatest(pause, asked), delivery.limits().longestPause());
        }
        failed(stream, error, pause, answer != null && answer.status() == GONE);
        return ended(stream);
    }

    /** Looked at again each time: what is allowed may have changed since the webhook was made. */
    private URI place(String url) throws IOException {
        try {
            return delivery.http().checked(url);
        } catch (TuttiException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    private WaitingStream delivered(WaitingStream stream, long to, boolean posted) throws InterruptedException {
        return delivery.stored(() -> {
            delivery.table().delivered(context.lease(), webhook.id(), stream.stream(), stream.cursor(), to, posted);
            return new WaitingStream(stream.stream(), to, stream.head(), 0, stream.due(), null);
        });
    }

    private void failed(WaitingStream stream, String error, Duration pause, boolean gone) throws InterruptedException {
        log.debug("Webhook {}: {} behind {}: {}", webhook.id(), stream.stream(), stream.cursor(), error);
        boolean disabled = delivery.stored(() -> delivery.table()
                .failed(
                        context.lease(),
                        webhook.id(),
                        stream,
                        error,
                        pause,
                        gone,
                        delivery.limits().disableAfter()));
        if (disabled) {
            log.warn(
                    "Webhook {} is disabled, because its receiver {}; see to it, and resume it: {}",
                    webhook.id(),
                    gone ? "wants no more" : "failed for too long",
                    error);
        }
    }

    private Duration pause(int attempts) {
        return new Backoff(SHORTEST_PAUSE, delivery.limits().longestPause()).jittered(attempts + 1);
    }

    private static WaitingStream ended(WaitingStream stream) {
        return new WaitingStream(
                stream.stream(), stream.head(), stream.head(), stream.attempts(), Instant.MAX, stream.error());
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration greatest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
