package dev.tutti.cluster.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.BusListener;
import dev.tutti.bus.Topics;
import dev.tutti.bus.Topics.Family;
import dev.tutti.memory.MemoryBus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members, and a stranger who has the same bus but not the secret. */
class SharedBusTest {
    private static final ClusterSecret SECRET =
            ClusterSecret.of("a secret of the tests, and of no one else", List.of());

    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<byte[]> overheard = new CopyOnWriteArrayList<>();
    private final MemoryBus stranger = new MemoryBus(wire);
    private final Family chat = Family.sealed("chat", 1);
    private final Family news = Family.open("news", 1);
    private final AtomicLong nanos = new AtomicLong(); // of each member's ticker

    @BeforeEach
    void listen() {
        stranger.start(new BusListener() {
            @Override
            public void onMessage(String topic, byte[] payload) {
                overheard.add(payload);
            }

            @Override
            public void onGap() {}
        });
        stranger.subscribe("chat/room");
        stranger.subscribe("news/room");
    }

    @AfterEach
    void close() {
        stranger.close();
    }

    private SharedBus member(Optional<ClusterSecret> secret) {
        return member(secret, false);
    }

    private SharedBus member(Optional<ClusterSecret> secret, boolean alone) {
        SharedBus bus = new SharedBus(new MemoryBus(wire), () -> alone, secret, nanos::get, Clock.systemUTC(), meters);
        bus.start();
        return bus;
    }

    private Topics liveness(SharedBus bus, Family family) {
        Topics topics = bus.topics(family, (_, payload) -> {
            String text = new String(payload, UTF_8);
            heard.add(text);
            if (text.equals("defect")) {
                throw new AssertionError("a listener's own");
            }
        });
        topics.subscribe("room");
        return topics;
    }

    /** The news of {@code bus}, which repeats there what it hears in the chat. */
    private Topics answers(SharedBus bus) {
        Topics answers = bus.topics(news, (_, _) -> {});
        bus.topics(chat, (_, payload) -> answers.publish("room", payload)).subscribe("room");
        return answers;
    }

    /** The chat of {@code bus}, which listens to the news for the answers. */
    private Topics questions(SharedBus bus) {
        Topics questions = bus.topics(chat, (_, _) -> {});
        liveness(bus, news);
        return questions;
    }

    private double refused(String reason) {
        return meters.get(Refusals.REFUSED).tag("reason", reason).counter().count();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void membersHearEachOtherAndNoStranger() {
        try (SharedBus one = member(Optional.of(SECRET));
                SharedBus two = member(Optional.of(SECRET))) {
            Topics from = one.topics(chat, (_, _) -> {});
            liveness(two, chat);
            from.publish("room", bytes("a private text"));
            await().until(() -> overheard.size() == 1);
            assertThat(new String(overheard.getFirst(), UTF_8)).doesNotContain("private");

            stranger.publish("chat/room", bytes("forged"));
            stranger.publish("chat/room", new OpenEnvelope().close("chat/room", 1, bytes("forged")));
            stranger.publish("chat/room", overheard.getFirst());
            from.publish("room", bytes("the last"));

            await().until(() -> heard.contains("the last"));
            assertThat(heard).containsExactly("a private text", "the last");
            assertThat(refused("version")).isEqualTo(1);
            assertThat(refused("forged")).isEqualTo(1);
            assertThat(refused("replayed")).isEqualTo(1);
        }
    }

    /** Its answer must not wait until the membership knows of it. */
    @Test
    void oneThatHasJustComeIsAnswered() {
        try (SharedBus there = member(Optional.of(SECRET), true);
                SharedBus newcomer = member(Optional.of(SECRET))) {
            Topics answers = answers(there);
            Topics questions = questions(newcomer);
            answers.publish("room", bytes("to nobody"));
            questions.publish("room", bytes("who is there?"));

            await().until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("who is there?");
        }
    }

    @Test
    void oneThatHasHeardNobodyForTenSecondsSendsNothing() {
        try (SharedBus there = member(Optional.of(SECRET), true);
                SharedBus newcomer = member(Optional.of(SECRET))) {
            Topics answers = answers(there);
            Topics questions = questions(newcomer);
            questions.publish("room", bytes("first"));
            await().until(() -> heard.contains("first"));

            nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
            answers.publish("room", bytes("to somebody"));
            nanos.incrementAndGet();
            answers.publish("room", bytes("to nobody"));
            questions.publish("room", bytes("last"));

            await().until(() -> heard.contains("last"));
            assertThat(heard).containsExactly("first", "to somebody", "last");
        }
    }

    @Test
    void whatAnotherVersionSaysIsCountedAndNotHeard() {
        try (SharedBus old = member(Optional.of(SECRET));
                SharedBus two = member(Optional.of(SECRET))) {
            Topics from = old.topics(Family.sealed("chat", 0), (_, _) -> {});
            liveness(two, chat);
            from.publish("room", bytes("in an old way"));
            await().until(() -> refused("version") == 1);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void aListenerThatThrowsHearsTheNextMessage() {
        try (SharedBus one = member(Optional.of(SECRET));
                SharedBus two = member(Optional.of(SECRET))) {
            Topics from = one.topics(chat, (_, _) -> {});
            liveness(two, chat);
            from.publish("room", bytes("defect"));
            from.publish("room", bytes("next"));
            await().until(() -> heard.equals(List.of("defect", "next")));
            assertThat(refused("unreadable")).isEqualTo(1);
        }
    }

    @Test
    void withoutASecretOnlyOpenFamiliesAreCarried() {
        try (SharedBus one = member(Optional.empty());
                SharedBus two = member(Optional.empty())) {
            Topics closed = one.topics(chat, (_, _) -> {});
            Topics open = one.topics(news, (_, _) -> {});
            liveness(two, chat);
            assertThat(liveness(two, news).isSealed()).isFalse();
            closed.publish("room", bytes("a private text"));
            stranger.publish("chat/room", new OpenEnvelope().close("chat/room", 1, bytes("forged")));
            open.publish("room", bytes("a position"));

            await().until(() -> heard.contains("a position") && refused("unsealed") == 1 && !overheard.isEmpty());
            assertThat(heard).containsExactly("a position");
            assertThat(overheard).hasSize(1);
        }
    }
}
