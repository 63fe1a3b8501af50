package dev.tutti.postgres;

import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.HeapShare;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages as notifications. While some are being committed the next gather, so that the server's lock for notifying
 * transactions is taken once for many. One platform thread talks to the server, and waits for no busy pool.
 *
 * <p>Messages that could not be sent are sent again, for some seconds, in the very same frames. They may have come through
 * nevertheless, which those that hear them can tell by that.
 */
final class BusSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BusSender.class);
    private static final Sql NOTIFY = Sql.resource(BusSender.class, "bus/notify");
    private static final Sql STORE = Sql.resource(BusSender.class, "bus/store");
    private static final Sql FORGET = Sql.resource(BusSender.class, "bus/forget");
    private static final int MAX_WAITING = 20_000;
    private static final int MAX_BATCH = 2_000;
    private static final int MAX_INLINE = 4_300; // events of 4 KiB with all that is around them
    private static final Duration FORGET_EVERY = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    @SuppressWarnings("ArrayRecordComponent") // compared with WAKE alone
    private record Waiting(String topic, byte[] payload) {}

    /** Messages that are being sent: until when that is tried, and their frames as soon as these are made. */
    private record Batch(List<Waiting> messages, Deadline end, List<Notification> notifications) {
        Batch with(List<Notification> made) {
            return new Batch(messages, end, made);
        }
    }

    private record Notification(int place, String payload) {}

    /** Wakes the thread to see that it shall end. */
    private static final Waiting WAKE = new Waiting("", new byte[0]);

    private final BusConnection database;
    private final PostgresBusSettings settings;
    private final long sender;
    private final long maxWaitingBytes = HeapShare.BUS_SENT.bytes();
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Set<Integer> lost = ConcurrentHashMap.newKeySet(); // channels
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final OutageLog outage = new OutageLog(
            "Hints to other instances cannot be sent, and these find out what is new by themselves",
            "Hints to other instances are sent again");
    private final Loop loop;
    private volatile boolean closed;
    private @Nullable Batch batch; // what is not sent yet
    private int number;
    private Deadline forgetAt = Deadline.in(Duration.ZERO); // or later, when there is something to forget

    BusSender(DataSource pool, ControlConnection control, PostgresBusSettings settings, long sender) {
        this.database = new BusConnection(pool, control);
        this.settings = settings;
        this.sender = sender;
        this.loop = new Loop(Loop.platform("tutti-bus-send"), Duration.ofMillis(100), this::next).start();
    }

    /** Sends, or drops what does not fit into the bounds. */
    void send(String topic, byte[] payload) {
        if (closed
                || waitingBytes.addAndGet(payload.length) > maxWaitingBytes
                || !queue.offer(new Waiting(topic, payload))) {
            waitingBytes.addAndGet(-payload.length);
            lost(topic);
        }
    }

    /** The next frame of the topic's channel says so. */
    private void lost(String topic) {
        lost.add(settings.place(topic));
        dropped.increment();
    }

    long published() {
        return published.sum();
    }

    long dropped() {
        return dropped.sum();
    }

    private Duration next() throws InterruptedException {
        Batch sending = batch;
        if (sending == null) {
            sending = new Batch(gather(), Deadline.in(PATIENCE), List.of());
            batch = sending;
        }
        try {
            send(sending);
            published.add(sending.messages().size());
            batch = null;
            outage.succeeded();
        } catch (SQLException failure) {
            outage.failed(failure);
            if (!closed && !sending.end().isOver()) {
                return PAUSE;
            }
            giveUp();
        } catch (Throwable failure) { // whatever it is, the next batch is sent
            outage.failed(failure);
            giveUp();
        }
        return closed && queue.isEmpty() ? Loop.END : Duration.ZERO;
    }

    private void giveUp() {
        Batch given = batch;
        batch = null;
        if (given != null) {
            given.messages().forEach(waiting -> lost(waiting.topic()));
            given.notifications()
                    .forEach(each -> lost.add(each.place())); // some would have told of others that are lost
        }
    }

    private List<Waiting> gather() throws InterruptedException {
        List<Waiting> batch = new ArrayList<>();
        for (Waiting next = queue.take(); next != null; next = queue.poll()) {
            if (next.equals(WAKE)) {
                break;
            }
            waitingBytes.addAndGet(-next.payload().length);
            batch.add(next);
            if (batch.size() == MAX_BATCH) {
                break;
            }
        }
        return batch;
    }

    /** Work on a connection may outlast the wait for it, and so changes nothing here. */
    private void send(Batch sending) throws SQLException, InterruptedException {
        if (sending.messages().isEmpty()) {
            return;
        }
        List<Notification> notifications = sending.notifications();
        if (notifications.isEmpty()) {
            notifications = notifications(sending.messages());
            batch = sending.with(notifications);
        }
        notify(notifications);
    }

    private List<Notification> notifications(List<Waiting> messages) throws SQLException, InterruptedException {
        Map<Integer, List<BusFrame.FrameMessage>> byChannel = new LinkedHashMap<>();
        for (Waiting waiting : messages) {
            byChannel
                    .computeIfAbsent(settings.place(waiting.topic()), _ -> new ArrayList<>())
                    .add(message(waiting));
        }
        lost.forEach(place -> byChannel.computeIfAbsent(place, _ -> List.of()));
        List<Notification> notifications = new ArrayList<>();
        byChannel.forEach((place, some) -> frames(lost.remove(place), some)
                .forEach(frame -> notifications.add(new Notification(place, frame.encode()))));
        return List.copyOf(notifications);
    }

    private void notify(List<Notification> notifications) throws SQLException, InterruptedException {
        Map<String, Object> values = Map.of(
                "channels",
                notifications.stream().map(each -> settings.name(each.place())).toArray(String[]::new),
                "payloads",
                notifications.stream().map(Notification::payload).toArray(String[]::new));
        database.run(connection -> NOTIFY.first(connection, _ -> true, values));
    }

    private BusFrame.FrameMessage message(Waiting waiting) throws SQLException, InterruptedException {
        byte[] payload = waiting.payload();
        return payload.length <= MAX_INLINE
                ? new BusFrame.Inline(waiting.topic(), payload)
                : new BusFrame.Stored(waiting.topic(), stored(payload), payload.length);
    }

    private long stored(byte[] payload) throws SQLException, InterruptedException {
        forget();
        Map<String, Object> values = Map.of("content", payload);
        return database.run(connection -> STORE.first(connection, row -> row.getLong(1), values))
                .orElseThrow();
    }

    private void forget() throws SQLException, InterruptedException {
        if (forgetAt.isOver()) {
            forgetAt = Deadline.in(FORGET_EVERY);
            database.run(connection -> FORGET.update(connection));
        }
    }

    private List<BusFrame> frames(boolean lostBefore, List<BusFrame.FrameMessage> messages) {
        boolean gap = lostBefore;
        List<BusFrame> frames = new ArrayList<>();
        List<BusFrame.FrameMessage> some = new ArrayList<>();
        int bytes = BusFrame.HEADER_BYTES;
        for (BusFrame.FrameMessage message : messages) {
            if (bytes + message.bytes() > BusFrame.MOST_BYTES && !some.isEmpty()) {
                frames.add(new BusFrame(sender, ++number, gap, List.copyOf(some)));
                gap = false;
                some.clear();
                bytes = BusFrame.HEADER_BYTES;
            }
            some.add(message);
            bytes += message.bytes();
        }
        frames.add(new BusFrame(sender, ++number, gap, List.copyOf(some)));
        return frames;
    }

    /** Sends what waits, for a second at most. */
    @Override
    public void close() {
        closed = true;
        boolean woken = queue.offer(WAKE) && loop.ended(Duration.ofSeconds(1));
        log.debug("Everything was sent: {}", woken);
        loop.close(Duration.ofSeconds(1));
    }
}
