package dev.tutti.edge.sse;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.feed.FeedSubscriber;
import dev.tutti.core.stream.FollowToken;
import dev.tutti.core.stream.LogReadPermits;
import dev.tutti.core.stream.Subscriber;
import dev.tutti.core.stream.Subscription;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.flow.Encoded;
import dev.tutti.edge.flow.Handle;
import dev.tutti.edge.flow.Outbox;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Exchange;
import dev.tutti.feed.FeedState;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client of server-sent events. Confined to its event loop, but for {@link #cut}. Its writes by-pass the HTTP encoder, as
 * chunks that are encoded once for many, so the connection ends with the answer.
 */
final class SseConnection implements Subscriber, FeedSubscriber, Outbox.Owner {
    private static final int LONGEST_ID = 8 * 1024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Exchange exchange;
    private final EdgeParts parts;
    private final @Nullable Principal who;
    private final FollowToken.@Nullable ResumeTokenBuilder resumeToken;
    private final Function<SseConnection, Subscription> subscribe;
    private final Channel channel;
    private final LogReadPermits logReads = new LogReadPermits();
    private @Nullable Outbox outbox;
    private @Nullable Subscription subscription;
    private boolean closed;

    /**
     * A connection that has not begun.
     *
     * @param who null if it is anybody
     * @param resumeToken the resume token as it grows, of one who follows streams; null for one stream
     * @param subscribe begins; may block
     */
    SseConnection(
            Exchange exchange,
            EdgeParts parts,
            @Nullable Principal who,
            FollowToken.@Nullable ResumeTokenBuilder resumeToken,
            Function<SseConnection, Subscription> subscribe) {
        this.exchange = exchange;
        this.parts = parts;
        this.who = who;
        this.resumeToken = resumeToken;
        this.subscribe = subscribe;
        this.channel = exchange.channel();
    }

    void atEnd(Runnable task) {
        exchange.atDisconnect(task);
    }

    /** Sends the head, and subscribes. */
    void begin() {
        if (!exchange.answerable()) {
            return;
        }
        exchange.atDisconnect(this::gone); // first: the client may have had its head when what follows fails
        outbox = SseHead.send(exchange, parts.flow(), this);
        Handle beats = parts.heartbeats().add(channel.eventLoop(), this::heartbeat);
        exchange.atDisconnect(beats::close);
        if (who != null) {
            Handle session = parts.sessions().addOfUser(who, code -> cut(code, "the session has ended"));
            exchange.atDisconnect(session::close);
            ScheduledFuture<?> expiry = expiry(who.until());
            exchange.atDisconnect(() -> expiry.cancel(false));
        }
        exchange.lasts();
        Thread.ofVirtual().name("tutti-sse").start(this::subscribe);
    }

    /** Ends without a word. */
    void abort() {
        gone();
        var _ = channel.close();
    }

    private void gone() {
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
    }

    private void subscribe() {
        try {
            Subscription begun = subscribe.apply(this);
            exchange.onLoop(() -> {
                subscription = begun;
                if (closed) {
                    begun.close();
                } else {
                    begun.resume(); // the client may have taken more before this was known
                }
            });
        } catch (Throwable failure) {
            TuttiException told = WireError.tellable(failure);
            exchange.onLoop(() -> end(told));
        }
    }

    private ScheduledFuture<?> expiry(Instant until) {
        Duration left = until.equals(Instant.MAX)
                ? Duration.ofDays(365)
                : Duration.between(parts.clock().instant(), until);
        return channel.eventLoop()
                .schedule(
                        () -> cut(ErrorCode.TOKEN_EXPIRED, "the access token has run out"),
                        Math.max(
                                0,
                                Math.min(left.toMillis(), Duration.ofDays(365).toMillis())),
                        TimeUnit.MILLISECONDS);
    }

    /** Says why, and ends. Safe from any thread. */
    void cut(ErrorCode code, String reason) {
        exchange.onLoop(() -> {
            parts.flow().metrics().refused(code);
            end(new TuttiException(code, reason));
        });
    }

    private void end(TuttiException why) {
        Outbox out = outbox;
        if (out == null || closed) {
            return;
        }
        gone();
        boolean told = Failures.guard("The end of an event stream", () -> {
            out.writeLast(SseBlocks.last(
                    channel.alloc(), "error", parts.tutti().json().bytes(WireError.of(why))));
            SseHead.endAfter(channel, LAST_WORDS);
        });
        if (!told) {
            var _ = channel.close();
        }
    }

    private void heartbeat() {
        if (ready()) {
            write(SseBlocks.comment(channel.alloc()));
        }
    }

    @Override
    public Executor executor() {
        return channel.eventLoop();
    }

    @Override
    public boolean ready() {
        return outbox != null && outbox.ready();
    }

    @Override
    public LogReadPermits logReads() {
        return logReads;
    }

    @Override
    public void onEvents(EncodeOnce<List<Event>> events, int from) {
        if (closed || outbox == null) {
            return;
        }
        if (resumeToken == null) {
            Encoded encoded = events.in(StreamEncodings.SSE_EVENTS);
            outbox.write(encoded.from(from), encoded.messages() - from);
            return;
        }
        Encoded encoded = events.in(StreamEncodings.SSE_FEED_EVENTS);
        for (int i = from; i < encoded.messages(); i++) {
            Event event = events.value().get(i);
            resumeToken.event(event.stream(), event.seq());
            String token = resumeToken.token();
            // a longer one could not come back in a header; the next position shortens it
            if (!token.isEmpty() && token.length() <= LONGEST_ID) {
                outbox.write(SseBlocks.idLine(channel.alloc(), token), 0);
            }
            outbox.write(encoded.single(i));
        }
    }

    @Override
    public void onGap(ReadResult.Gap gap) {
        byte[] data = parts.tutti().json().bytes(StreamEncodings.fields(gap));
        String id = "";
        if (resumeToken == null) {
            id = Long.toString(gap.resume());
        } else {
            resumeToken.gap(gap.stream(), gap.resume());
            id = resumeToken.token().length() <= LONGEST_ID ? resumeToken.token() : "";
        }
        write(SseBlocks.block(channel.alloc(), id, "gap", data));
    }

    @Override
    public void onPosition(EncodeOnce<String> position) {
        if (resumeToken != null) {
            resumeToken.position(position.value());
            String token = resumeToken.token();
            if (token.length() <= LONGEST_ID) {
                write(SseBlocks.id(channel.alloc(), token));
            }
        }
    }

    @Override
    public void onState(EncodeOnce<FeedState> state) {
        write(state.in(SseBlocks.FEED).from(0));
    }

    @Override
    public void onDefect(Throwable defect) {
        Failures.note("Giving a feed's value to a client, which is disconnected to come back,", defect);
        abort();
    }

    @Override
    public void onFailure(TuttiException failure) {
        end(failure);
    }

    private void write(ByteBuf chunk) {
        if (closed || outbox == null) {
            chunk.release();
        } else {
            outbox.write(chunk);
        }
    }

    @Override
    public void drained() {
        if (subscription != null) {
            subscription.resume();
        }
    }

    @Override
    public void overflowed() {
        parts.flow().metrics().refused(ErrorCode.SLOW_CONSUMER);
        abort();
    }
}
