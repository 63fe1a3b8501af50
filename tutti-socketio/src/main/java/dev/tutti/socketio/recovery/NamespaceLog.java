package dev.tutti.socketio.recovery;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.HeapShare;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Streams;
import dev.tutti.core.stream.Subscriber;
import dev.tutti.core.stream.Subscription;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socket.Namespace;
import dev.tutti.socketio.room.Recipients;
import dev.tutti.socketio.room.Rooms;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.EventNames;
import dev.tutti.socketio.wire.Offset;
import dev.tutti.socketio.wire.Payloads;
import dev.tutti.stream.Append;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages to the sockets of one namespace, as a stream: what is sent is appended, and each instance passes it on to its
 * sockets from there, all of them in the same order. The latest ones are kept in memory for clients that come back. While the
 * stream cannot be read nobody can be in the namespace; that is tried again and again.
 *
 * <p>Lives on a serial executor of its own; {@link #append}, {@link #call} and {@link #passed} are for any thread.
 */
public final class NamespaceLog implements Subscriber {
    private static final Logger log = LoggerFactory.getLogger(NamespaceLog.class);
    private static final int MOST = 50_000;
    private static final int OVERHEAD = 200; // of an entry, in bytes, about
    private static final int REMIND_EVERY = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1); // before what could not be read is read again
    private static final String TYPE = "message";

    /**
     * One message.
     *
     * @param packets with its offset
     */
    record Entry(long seq, Target who, List<EnginePacket> packets, int bytes) {}

    /** How it is written into the stream. {@code json} is the text of an array. */
    private record Written(List<String> rooms, List<String> without, String json, List<byte[]> attachments) {}

    private final Rooms here;
    private final Streams streams;
    private final JsonCodec json;
    private final StreamName stream;
    private final SerialExecutor executor = new SerialExecutor("tutti-namespace-log");
    private final Deque<Entry> latest = new ArrayDeque<>();
    private final long mostBytes = HeapShare.NAMESPACE.bytes();
    private long bytes;
    private long floor; // what is kept begins behind it
    private long live; // what is not passed on, because it was sent before this instance came, ends here
    private long kept = Long.MAX_VALUE; // what is behind it was lost by the log, up to the next:
    private long lost; // another message may have a number in between now
    private long awaited = Long.MAX_VALUE; // what is to be passed on before the failure is over
    private volatile long passed;
    private volatile @Nullable TuttiException failure; // null while the stream can be read
    private volatile @Nullable Subscription subscription; // the last one
    private volatile boolean ended; // as it could not start

    /** The log of the namespace whose sockets are {@code here}; nothing is passed on before {@link #start}. */
    NamespaceLog(Rooms here, Streams streams, JsonCodec json) {
        this.here = here;
        this.streams = streams;
        this.json = json;
        this.stream = StreamName.of(Namespace.STREAM_KIND, idOf(here.namespace()));
    }

    /** A slash is no character of a stream's name. */
    private static String idOf(String namespace) {
        StringBuilder id = new StringBuilder();
        for (byte each : namespace.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
            id.append(plain ? (char) each : "~%02x".formatted(each));
        }
        return id.toString();
    }

    /**
     * Reads what was sent last, and passes on what comes. Blocks.
     *
     * @throws TuttiException if they cannot be read; nothing is passed on then, now or later
     */
    public void start() {
        try {
            long head = streams.head(stream);
            live = head;
            floor = Math.max(0, head - MOST);
            passed = floor;
            follow(floor);
            if (!reach(head, PATIENCE_AT_START)) {
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE,
                        "the messages of " + stream + " were not read within " + PATIENCE_AT_START);
            }
        } catch (Throwable notStarted) {
            end();
            throw notStarted;
        }
    }

    private void follow(long after) {
        Subscription fresh = streams.subscribe(stream, after, this);
        subscription = fresh;
        if (ended) { // meanwhile
            fresh.close();
        }
    }

    private void end() {
        ended = true;
        Optional.ofNullable(subscription).ifPresent(Subscription::close);
    }

    /**
     * Sends {@code body} to those meant, at all instances. When this returns it is durable, and on its way to those that are here, so that
     * who leaves a room after it still gets it; while the stream cannot be read nobody is, and it is passed on later. Blocks.
     *
     * @throws TuttiException as {@link Streams#append} does, and if it is too large
     */
    public void append(Target who, Body body) {
        Written written = new Written(
                who.rooms(),
                who.without(),
                body.json().text(),
                body.attachments().stream().map(Slice::bytes).toList());
        long seq = streams.append(new Append(stream, TYPE, json.write(written))).seq();
        try {
            reach(seq);
        } catch (TuttiException unread) { // it is durable, and callers that are told a failure would send it again
            log.debug("{}: message {} is passed on when the stream can be read", stream, seq, unread);
        }
    }

    /** Up to which message all were passed on to the event loops here. */
    public long passed() {
        return passed;
    }

    /**
     * Waits until message {@code seq} was passed on here; false if that takes too long. Blocks.
     *
     * @throws TuttiException if nothing is passed on now, because the stream cannot be read
     */
    boolean reach(long seq) {
        return reach(seq, PATIENCE);
    }

    private boolean reach(long seq, Duration patience) {
        Deadline end = Deadline.in(patience);
        synchronized (this) {
            while (failure == null && passed < seq && !end.isOver()) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, end.left().toNanos());
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        TuttiException unread = failure;
        if (unread != null) {
            throw unread;
        }
        return passed >= seq;
    }

    /** Runs {@code task} while nothing is passed on. Blocks. */
    <T> T call(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, executor).join();
    }

    /** Whether all messages behind {@code seq} are kept, and it means what it did when it was shown; on the executor. */
    boolean covers(long seq) {
        boolean another = kept < seq && seq <= lost;
        return floor <= seq && seq <= passed && !another;
    }

    /** Those behind {@code seq} that were passed on, in order; on the executor. */
    List<Entry> behind(long seq) {
        List<Entry> behind = new ArrayList<>();
        for (Iterator<Entry> each = latest.descendingIterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.seq() <= seq) {
                break;
            }
            behind.add(entry);
        }
        Collections.reverse(behind);
        return behind;
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void onEvents(EncodeOnce<List<Event>> events, int from) {
        for (Event event : events.value().subList(from, events.value().size())) {
            try {
                Entry entry = read(event);
                keep(entry);
                if (entry.seq() > live) {
                    pass(entry);
                }
                passed(entry.seq());
            } catch (Throwable defect) {
                log.error("{}: message {} cannot be passed on; all begin anew behind it", stream, event.seq(), defect);
                lose(event.seq());
            }
        }
    }

    private Entry read(Event event) {
        Written written = json.read(event.data(), Written.class);
        Body body = new Body(
                Offset.stamp(Slice.of(written.json()), event.seq()),
                written.attachments().stream().map(Slice::of).toList());
        return new Entry(
                event.seq(),
                new Target(here.namespace(), written.rooms(), written.without()),
                Payloads.event(here.namespace(), SocketPacket.NO_ID, body),
                event.data().length() + OVERHEAD);
    }

    private void keep(Entry entry) {
        latest.add(entry);
        bytes += entry.bytes();
        while (latest.size() > MOST || bytes > mostBytes) {
            Entry oldest = latest.remove();
            bytes -= oldest.bytes();
            floor = oldest.seq();
        }
    }

    private void pass(Entry entry) {
        Recipients.of(here, entry.who()).onEachLoop(part -> {
            try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(entry.packets())) {
                part.each(socket -> socket.outbox().deliver(encoded, entry.seq()));
            }
        });
        if (entry.seq() % REMIND_EVERY == 0) {
            remind(entry.seq());
        }
    }

    /** Tells those who got nothing for long how far they are: what they show when they come back must not be too old. */
    private void remind(long seq) {
        Body reminder = new Body(Slice.of("[\"" + EventNames.OFFSET + "\",\"" + Offset.of(seq) + "\"]"), List.of());
        List<EnginePacket> packets = Payloads.event(here.namespace(), SocketPacket.NO_ID, reminder);
        Recipients.of(here, Target.all(here.namespace())).onEachLoop(part -> {
            try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(packets)) {
                part.each(socket -> socket.outbox().remind(encoded, seq, REMIND_EVERY));
            }
        });
    }

    private synchronized void passed(long seq) {
        passed = seq;
        boolean over = seq >= awaited;
        if (over) {
            awaited = Long.MAX_VALUE;
            failure = null;
        }
        notifyAll();
        if (over) {
            log.info("{} is read again; clients can be in namespace {}", stream, here.namespace());
        }
    }

    @Override
    public void onGap(ReadResult.Gap gap) {
        if (gap.resume() < gap.after()) {
            log.warn("{}: the messages behind {}, up to {}, were lost", stream, gap.resume(), gap.after());
        } else {
            log.warn("{}: the messages {} to {} are no longer kept", stream, gap.after() + 1, gap.resume());
        }
        lose(gap.resume());
    }

    /**
     * Messages that are gone before they were passed on cannot be made good: everybody begins anew. So they do where the log has lost its
     * end, as other messages get the numbers of those that are gone.
     */
    private void lose(long seq) {
        latest.clear();
        bytes = 0;
        floor = seq;
        boolean back = seq < passed;
        if (back) {
            kept = Math.min(kept, seq);
            lost = Math.max(lost, passed);
            live = Math.min(live, seq); // what comes behind it is new, whatever its number was before
        }
        if (back || seq > live) {
            abandon("messages were lost");
        }
        passed(seq);
    }

    /** Closes all connections here, each whatever another one throws, so that their clients begin anew. */
    private void abandon(String why) {
        here.sockets()
                .forEach(socket -> Failures.guard(
                        "Closing a connection", () -> socket.outbox().fail(ErrorCode.UNAVAILABLE, why)));
    }

    @Override
    public void onFailure(TuttiException cause) {
        if (failure == null) {
            log.error("{} cannot be read; nobody can be in namespace {} until it can", stream, here.namespace(), cause);
        }
        unread(cause);
        try {
            abandon("messages cannot be read");
        } finally {
            later();
        }
    }

    private synchronized void unread(TuttiException cause) {
        failure = cause;
        awaited = Long.MAX_VALUE;
        notifyAll();
    }

    private void later() {
        CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, this::executeOrLater)
                .execute(this::readAgain);
    }

    private void executeOrLater(Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable noThread) {
            Failures.note("Reading " + stream + " again", noThread);
            later();
        }
    }

    /** Goes on behind the message that was passed on last. Clients are let in when those are read that there are by now. */
    private void readAgain() {
        if (ended) {
            return;
        }
        while (!latest.isEmpty() && latest.getLast().seq() > passed) {
            bytes -= latest.removeLast().bytes(); // it comes again
        }
        long head;
        try {
            head = streams.head(stream);
            follow(passed);
        } catch (Throwable notYet) {
            Failures.note("Reading " + stream + " again", notYet);
            later();
            return;
        }
        awaited = head;
        passed(passed);
    }
}
