package dev.tutti.postgres;

import dev.tutti.concurrent.Loop;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages as notifications. While some are being committed the next gather, so that the server's lock for notifying
 * transactions is taken once for many. One platform thread talks to the server, and waits for no busy pool.
 */
final class BusSender implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BusSender.class);
    private static final SqlResource NOTIFY = SqlResource.of("bus/notify");
    private static final SqlResource STORE = SqlResource.of("bus/store");
    private static final SqlResource FORGET = SqlResource.of("bus/forget");
    private static final int MAX_WAITING = 20_000;
    private static final long MAX_WAITING_BYTES = 64L * 1024 * 1024;
    private static final int MAX_BATCH = 2_000;
    private static final int MAX_INLINE = 4_300; // events of 4 KiB with all that is around them
    private static final Duration FORGET_EVERY = Duration.ofSeconds(30);

    @SuppressWarnings("ArrayRecordComponent") // compared with WAKE alone
    private record Waiting(String topic, byte[] payload) {}

    /** Wakes the thread to see that it shall end. */
    private static final Waiting WAKE = new Waiting("", new byte[0]);

    private final BusConnection database;
    private final PostgresBusSettings settings;
    private final long sender;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Set<Integer> lost = ConcurrentHashMap.newKeySet(); // channels
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Loop loop;
    private volatile boolean closed;
    private int number;
    private long forgetAt = Long.MAX_VALUE; // when there is something to forget
    private boolean away;

    BusSender(DataSource pool, ControlConnection line, PostgresBusSettings settings, long sender) {
        this.database = new BusConnection(pool, line);
        this.settings = settings;
        this.sender = sender;
        this.loop = new Loop(Loop.platform("tutti-bus-send"), Duration.ofMillis(100), this::next).start();
    }

    /** Sends, or drops what does not fit into the bounds. */
    void send(String topic, byte[] payload) {
        if (closed
                || waitingBytes.addAndGet(payload.length) > MAX_WAITING_BYTES
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
        List<Waiting> batch = gather();
        try {
            send(batch);
            published.add(batch.size());
            back();
        } catch (Throwable failure) { // whatever it is, the next batch is sent
            batch.forEach(waiting -> lost(waiting.topic()));
            away(failure);
        }
        return closed && queue.isEmpty() ? Loop.END : Duration.ZERO;
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

    private void send(List<Waiting> batch) throws SQLException, InterruptedException {
        if (!batch.isEmpty()) {
            database.run((connection, timeoutSeconds) -> {
                send(batch, connection, timeoutSeconds);
                return Boolean.TRUE;
            });
        }
    }

    private void send(List<Waiting> batch, Connection connection, int timeoutSeconds) throws SQLException {
        Map<Integer, List<BusFrame.Message>> byChannel = new LinkedHashMap<>();
        for (Waiting waiting : batch) {
            byChannel
                    .computeIfAbsent(settings.place(waiting.topic()), _ -> new ArrayList<>())
                    .add(message(waiting, connection, timeoutSeconds));
        }
        lost.forEach(place -> byChannel.computeIfAbsent(place, _ -> List.of()));
        List<String> channels = new ArrayList<>();
        List<String> payloads = new ArrayList<>();
        byChannel.forEach(
                (place, messages) -> frames(lost.remove(place), messages).forEach(frame -> {
                    channels.add(settings.name(place));
                    payloads.add(frame.encode());
                }));
        Map<String, Object> values = Map.of(
                "channels", channels.toArray(String[]::new),
                "payloads", payloads.toArray(String[]::new));
        try (PreparedStatement statement = NOTIFY.prepare(connection, timeoutSeconds, values)) {
            statement.execute();
        } catch (SQLException failure) {
            lost.addAll(byChannel.keySet());
            throw failure;
        }
    }

    private BusFrame.Message message(Waiting waiting, Connection connection, int timeoutSeconds) throws SQLException {
        byte[] payload = waiting.payload();
        if (payload.length <= MAX_INLINE) {
            return new BusFrame.Inline(waiting.topic(), payload);
        }
        forget(connection, timeoutSeconds);
        try (PreparedStatement statement = STORE.prepare(connection, timeoutSeconds, Map.of("content", payload));
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new BusFrame.Stored(waiting.topic(), row.getLong(1), payload.length);
        }
    }

    private void forget(Connection connection, int timeoutSeconds) throws SQLException {
        long now = System.nanoTime();
        if (forgetAt == Long.MAX_VALUE) {
            forgetAt = now;
        }
        if (now - forgetAt >= 0) {
            forgetAt = now + FORGET_EVERY.toNanos();
            try (PreparedStatement statement = FORGET.prepare(connection, timeoutSeconds, Map.of())) {
                statement.executeUpdate();
            }
        }
    }

    private List<BusFrame> frames(boolean lostBefore, List<BusFrame.Message> messages) {
        boolean gap = lostBefore;
        List<BusFrame> frames = new ArrayList<>();
        List<BusFrame.Message> some = new ArrayList<>();
        int bytes = BusFrame.HEADER_BYTES;
        for (BusFrame.Message message : messages) {
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

    private void away(Throwable failure) {
        if (!away) {
            away = true;
            log.warn(
                    "Hints to other instances cannot be sent ({}); they find out what is new by themselves",
                    failure.getMessage());
        }
    }

    private void back() {
        if (away) {
            away = false;
            log.info("Hints to other instances are sent again");
        }
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
