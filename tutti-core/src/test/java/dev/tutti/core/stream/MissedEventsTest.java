package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Follow subscriptions of an instance that was not told of events. */
class MissedEventsTest {
    private final MemoryStreamStore memory =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final Streams streams = new Streams(
            memory,
            new StreamSettings(2, 4, 5, Duration.ofMillis(10), Duration.ofMinutes(1)),
            new SimpleMeterRegistry(),
            new SharedBus(new NoBus(), () -> true, Optional.empty(), new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        streams.close();
    }

    private static Append event(StreamName stream) {
        return new Append(stream, "said", Json.of("1"));
    }

    /** Nobody announced them, as when this instance could not reach the store for a while. */
    @Test
    void whatWasMissedIsGivenAsItIsShownByThen() {
        StreamName room = StreamName.of("room", "a");
        Entitlements censored = new Entitlements() {
            @Override
            public Map<StreamName, Long> streams() {
                return Map.of(room, 0L);
            }

            @Override
            public List<Event> shown(List<Event> page) {
                return page.stream()
                        .map(event -> event.type().equals("secret")
                                ? new Event(event.stream(), event.seq(), "gone", event.data(), event.key(), event.at())
                                : event)
                        .toList();
            }
        };
        List<String> given = new CopyOnWriteArrayList<>();
        Recorder person =
                new Recorder(new SerialExecutor("person"), event -> given.add(event.seq() + " " + event.type()));
        streams.append(event(room));
        streams.follow(censored, null, person);
        streams.append(event(room));
        await().until(() -> given.size() == 1); // it is live

        memory.append(List.of(event(room), new Append(room, "secret", Json.of("1"))));
        await().until(() -> given.size() == 3);
        memory.append(List.of(event(room)));
        streams.append(event(room));
        await().until(() -> given.size() == 5);

        assertThat(given).containsExactly("2 said", "3 said", "4 gone", "5 said", "6 said");
    }
}
