package dev.tutti.core.stream;

import dev.tutti.bus.Topics;
import dev.tutti.stream.Event;
import dev.tutti.stream.StreamName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that have subscribers at this instance, and their topics on the bus. A message of another instance about a stream is
 * a hint: it may be missing, old or wrong. Safe for use by many threads.
 *
 * <p>A failure with one stream is logged and left to the next sweep; it reaches neither those who announce nor the other streams.
 */
final class StreamHub {
    private static final Logger log = LoggerFactory.getLogger(StreamHub.class);

    private final Map<StreamName, StreamChannel> channels = new ConcurrentHashMap<>();
    private final ExecutorGroups<FollowSubscription> follows = new ExecutorGroups<>();
    private final LogReader reader;
    private final Topics topics;
    private final AtomicLong round = new AtomicLong();

    StreamHub(LogReader reader, Topics.Source bus) {
        this.reader = reader;
        this.topics = bus.topics(Topics.Family.open("stream", 1), this::heard);
    }

    /** Adds a subscription that has not looked at the log yet; throws what its executor does, if that does not take it. */
    StreamSubscription add(
            StreamName stream, long after, Subscriber subscriber, @Nullable FollowSubscription following) {
        StreamSubscription[] added = new StreamSubscription[1];
        channels.compute(stream, (name, known) -> {
            StreamChannel channel = known == null ? new StreamChannel(name, reader, round::get) : known;
            added[0] = new StreamSubscription(this, channel, after, subscriber, following, reader);
            channel.add(added[0]); // before the topic, which would stay behind if this throws
            if (known == null) {
                topics.subscribe(name.value());
            }
            return channel;
        });
        return added[0];
    }

    /** Removes one, and with the last one its channel. */
    void remove(StreamSubscription subscription) {
        channels.computeIfPresent(subscription.stream(), (_, _) -> {
            subscription.channel().remove(subscription);
            if (!subscription.channel().isEmpty()) {
                return subscription.channel();
            }
            topics.unsubscribe(subscription.stream().value());
            return null;
        });
    }

    /** Adds a follow subscription to those that are told positions. */
    void add(FollowSubscription following) {
        follows.add(following);
    }

    void remove(FollowSubscription following) {
        follows.remove(following);
    }

    /** A new round begins: a position is about to be taken. */
    long nextRound() {
        return round.incrementAndGet();
    }

    /** The last round that has begun. */
    long round() {
        return round.get();
    }

    /**
     * Everything up to {@code position}, taken in {@code round}, was passed on: tells the follow subscriptions that had something new.
     * Those whose executor did not take something of a stream are left out until it has taken their failure.
     */
    void position(String position, long round) {
        Set<Executor> behind = new HashSet<>();
        channels.values().forEach(channel -> channel.behind(behind));
        follows.each(position, (following, encoded) -> following.position(encoded, round), behind);
    }

    /** A run of events of one stream without a hole was committed. */
    void announce(List<Event> events) {
        with(events.getFirst().stream(), channel -> channel.announce(events));
    }

    /** Tells the other instances what {@link #announce} tells this one's subscribers. */
    void tellOthers(List<Event> events) {
        try {
            topics.publish(
                    events.getFirst().stream().value(),
                    topics.isSealed() ? StreamHint.bytes(events) : StreamHint.head(events));
        } catch (Throwable defect) {
            log.error("{}: the other instances could not be told", events.getFirst().stream(), defect);
        }
    }

    private void heard(String topic, byte[] payload) {
        with(new StreamName(topic), channel -> {
            switch (StreamHint.read(channel.name(), payload)) {
                case StreamHint.Run(List<Event> events) when topics.isSealed() -> channel.announce(events);
                case StreamHint.Run(List<Event> events) -> // of whom nobody knows
                    channel.known(events.getLast().seq());
                case StreamHint.Head(long seq) -> channel.known(seq);
            }
        });
    }

    /** Somebody is said to have appended to {@code stream} up to {@code head}. */
    void known(StreamName stream, long head) {
        with(stream, channel -> channel.known(head));
    }

    /** A sweep found that the given streams reach the given heads. Executors that did not take something are tried again. */
    void known(Map<StreamName, Long> heads) {
        heads.forEach((stream, head) -> with(stream, channel -> channel.swept(head)));
        channels.values().forEach(StreamChannel::mend);
        follows.mend();
    }

    /** The log is another one than it was, perhaps: each channel looks whether what it passed on is still there. */
    void check() {
        channels.keySet().forEach(stream -> with(stream, StreamChannel::check));
    }

    private void with(StreamName stream, Consumer<StreamChannel> task) {
        StreamChannel channel = channels.get(stream);
        if (channel != null) {
            try {
                task.accept(channel);
            } catch (Throwable defect) {
                log.error("{}: something was not passed on; the sweep finds it again", stream, defect);
            }
        }
    }

    /** Whether everything up to the given heads has been passed on. */
    boolean hasPassedOn(Map<StreamName, Long> heads) {
        return heads.entrySet().stream().allMatch(entry -> {
            StreamChannel channel = channels.get(entry.getKey());
            return channel == null || channel.hasPassedOn(entry.getValue());
        });
    }

    /** The streams that have subscribers. */
    Collection<StreamName> streams() {
        return List.copyOf(channels.keySet());
    }

    int size() {
        return channels.size();
    }
}
