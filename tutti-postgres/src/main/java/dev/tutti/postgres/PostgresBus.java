package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Bus;
import dev.tutti.bus.BusCounts;
import dev.tutti.bus.BusListener;
import dev.tutti.bus.BusReceiver;
import dev.tutti.bus.Reconnecting;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.OncePerMinute;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bus of PostgreSQL's notifications: many messages in one, base64, with what is large in a table. Topics are spread over a fixed
 * number of channels; a message that comes on a channel and is not of interest ends in the receiver.
 *
 * <p>A server gives notifications to sessions, so that {@code LISTEN} needs a connection of its own that no pooler shares
 * out. Safe for use by many threads.
 */
public final class PostgresBus implements Bus, Reconnecting {
    private static final Logger log = LoggerFactory.getLogger(PostgresBus.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String PROBE = "tutti-probe";
    private static final int MOST_SEEN = 32_768; // more than come in the seconds for which frames are sent again

    /** A frame that has come. */
    private record Seen(long sender, int number, int hash) {}

    private final ControlConnection control;
    private final PostgresBusSettings settings;
    private final long self = new SecureRandom().nextLong();
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final int[] wanted; // topics per channel; guarded by itself
    private final CompletableFuture<Void> probed = new CompletableFuture<>();
    private final Set<Seen> seen = Collections.newSetFromMap(
            new LinkedHashMap<>() { // the control connection's thread's
                @Override
                protected boolean removeEldestEntry(Map.Entry<Seen, Boolean> oldest) {
                    return size() > MOST_SEEN;
                }
            });
    private final LongAdder ignored = new LongAdder();
    private final LongAdder foreign = new LongAdder();
    private final OncePerMinute foreignLine = new OncePerMinute();
    private final BusSender sender;
    private final BusLoader loader;
    private volatile @Nullable BusReceiver busReceiver; // from the start on

    /**
     * Does not connect yet.
     *
     * @param pool sends, and reads what is large, while it has connections free
     * @param control hears what comes, and does what the pool is too busy for; no other bus uses it
     */
    public PostgresBus(DataSource pool, ControlConnection control, PostgresBusSettings settings) {
        this.control = control;
        this.settings = settings;
        this.wanted = new int[settings.channels()];
        this.sender = new BusSender(pool, control, settings, self);
        this.loader = new BusLoader(pool, control);
    }

    @Override
    public synchronized void start(BusListener listener) {
        BusReceiver fresh = new BusReceiver("tutti-bus-receiver", listener);
        busReceiver = fresh;
        control.notifications(text -> receive(text, fresh), fresh::gap);
        subscribe(PROBE);
        Deadline end = Deadline.in(PATIENCE);
        while (!probed.isDone() && !end.isOver()) {
            sender.send(PROBE, new byte[0]);
            try {
                probed.get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                log.debug("No notification has come back yet");
            } catch (ExecutionException never) {
                throw new IllegalStateException(never);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        unsubscribe(PROBE);
        if (!probed.isDone()) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "no notification came back through PostgreSQL within " + PATIENCE.toSeconds()
                            + " s: the connection that listens leads through a pooler in transaction mode; set"
                            + " DATABASE_DIRECT_URL to the server itself, or REDIS_URL for a bus on Redis");
        }
    }

    @Override
    public void reconnect() {
        control.reopen();
    }

    /** On the control connection's thread. */
    private void receive(String text, BusReceiver to) {
        BusFrame frame;
        try {
            frame = BusFrame.decode(text);
        } catch (IllegalArgumentException notOurs) {
            foreign.increment();
            if (foreignLine.now()) {
                log.warn(
                        "Another version of this server, or somebody else, notifies on a channel of this bus; if it is"
                                + " somebody else, give one of the two another BUS_CHANNEL than {}",
                        settings.channel());
            }
            return;
        }
        if (frame.sender() == self) {
            if (frame.messages().stream().anyMatch(message -> message.topic().equals(PROBE))) {
                probed.complete(null);
            }
            return;
        }
        if (!isNew(frame, text)) {
            return;
        }
        if (frame.lost()) {
            to.gap();
        }
        for (BusFrame.FrameMessage message : frame.messages()) {
            if (topics.contains(message.topic())) {
                switch (message) {
                    case BusFrame.Inline(String topic, byte[] payload) -> to.add(topic, payload);
                    case BusFrame.Stored(String topic, long id, int size) -> to.add(topic, size, loader.load(id, size));
                }
            } else {
                ignored.increment();
            }
        }
    }

    /**
     * A sender does not always know that a frame came through, and then sends the very same again. Frames are told apart by what is
     * in them, too: anybody who is connected may notify, and must not keep a member's next frame from being heard with its number.
     */
    private boolean isNew(BusFrame frame, String text) {
        return seen.add(new Seen(frame.sender(), frame.number(), text.hashCode()));
    }

    @Override
    public void subscribe(String topic) {
        check(topic);
        synchronized (wanted) {
            int place = settings.place(topic);
            if (topics.add(topic) && ++wanted[place] == 1) {
                control.listen(settings.name(place));
            }
        }
    }

    @Override
    public void unsubscribe(String topic) {
        synchronized (wanted) {
            int place = settings.place(topic);
            if (topics.remove(topic) && --wanted[place] == 0) {
                control.unlisten(settings.name(place));
            }
        }
    }

    @Override
    public void publish(String topic, byte[] payload) {
        check(topic);
        if (payload.length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a message of " + payload.length + " bytes; allowed are " + MAX_PAYLOAD);
        }
        sender.send(topic, payload);
    }

    private static void check(String topic) {
        if (topic.length() > MAX_TOPIC) {
            throw new IllegalArgumentException(
                    "a topic of " + topic.length() + " characters; allowed are " + MAX_TOPIC);
        }
    }

    @Override
    public BusCounts counts() {
        BusReceiver current = busReceiver;
        return new BusCounts(
                sender.published(),
                current == null ? 0 : current.received(),
                sender.dropped() + (current == null ? 0 : current.dropped()),
                ignored.sum(),
                foreign.sum());
    }

    @Override
    public synchronized void close() {
        sender.close();
        control.notifications(_ -> {}, () -> {});
        loader.close();
        BusReceiver current = busReceiver;
        if (current != null) {
            current.close();
        }
    }
}
