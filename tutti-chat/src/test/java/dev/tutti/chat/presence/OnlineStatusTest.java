package dev.tutti.chat.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.chat.fixture.TestNamespace;
import dev.tutti.chat.fixture.TestSocket;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OnlineStatusTest {
    private final TestInstance instance = new TestInstance();
    private final TestNamespace namespace = instance.namespace();
    private final Person ann = instance.person();
    private final Person bob = instance.person();

    @BeforeEach
    void open() {
        instance.onlineStatus().sockets(namespace);
    }

    @AfterEach
    void close() {
        instance.close();
    }

    private TestSocket connect(Person who) {
        return namespace.connect(Map.of("token", who.token()), Map.of());
    }

    private static JsonNode watch(TestSocket socket, Person... people) {
        return socket.ask(
                "presence:watch",
                Map.of("users", List.of(people).stream().map(Person::id).toList()));
    }

    @Test
    void whoIsWatchedIsSeenComingAndGoing() {
        TestSocket anns = connect(ann);
        assertThat(watch(anns, bob).get("online").size()).isZero();
        TestSocket tab = connect(bob);
        TestSocket phone = connect(bob);
        await().until(() -> !anns.got().isEmpty());
        tab.end(DisconnectReason.CLIENT);
        phone.end(DisconnectReason.CLIENT);
        await().until(() -> anns.got().size() == 2);

        assertThat(anns.got().get(0)).contains(bob.id()).contains("\"online\":true");
        assertThat(anns.got().get(1))
                .contains(bob.id())
                .contains("\"online\":false")
                .contains("lastSeen");
        await().until(() -> seen(ann, bob).get("lastSeen").has(bob.id()));
    }

    @Test
    void whoseConnectionBreaksIsThereForSomeSecondsMore() {
        TestSocket bobs = connect(bob);
        TestSocket anns = connect(ann);
        await().until(() -> watch(anns, bob).get("online").size() == 1);
        bobs.end(DisconnectReason.TRANSPORT_CLOSED);
        TestSocket again = connect(bob);

        await().during(Duration.ofMillis(500)).until(() -> !isToldAbsence(anns));
        assertThat(seen(ann, bob).get("online").get(0).stringValue()).isEqualTo(bob.id());
        again.end(DisconnectReason.CLIENT);
        await().until(() -> isToldAbsence(anns));
    }

    private static boolean isToldAbsence(TestSocket watcher) {
        return watcher.got().stream().anyMatch(message -> message.contains("\"online\":false"));
    }

    @Test
    void whoWatchesSomebodyElseIsNotToldAnyMore() {
        TestSocket anns = connect(ann);
        Person eve = instance.person();
        watch(anns, bob);
        watch(anns, eve);
        TestSocket bobs = connect(bob);
        TestSocket eves = connect(eve);
        await().until(() -> !anns.got().isEmpty());

        assertThat(anns.got()).allMatch(message -> message.contains(eve.id()));
        bobs.end(DisconnectReason.CLIENT);
        eves.end(DisconnectReason.CLIENT);
    }

    @Test
    void allWhoWatchSomebodyAreToldByOneMessage() {
        List<TestSocket> watching = List.of(connect(ann), connect(ann), connect(ann));
        watching.forEach(
                socket -> assertThat(watch(socket, bob).get("online").size()).isZero());

        TestSocket bobs = connect(bob);

        await().until(() -> watching.stream().allMatch(socket -> socket.got().size() == 1));
        assertThat(namespace.emits()).isEqualTo(1);
        bobs.end(DisconnectReason.CLIENT);
    }

    @Test
    void changesWhoseTaskWasRefusedAreToldWithTheNextChange() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        SerialExecutor telling = new SerialExecutor("telling");
        TestNamespace other = instance.namespace();
        new OnlineStatus(
                        instance.tutti().presence(),
                        instance.tutti().members(),
                        FeatureDatabase.shared(),
                        instance.accounts(),
                        instance.clock(),
                        task -> {
                            if (refuses.getAndSet(false)) {
                                throw new RejectedExecutionException("no thread");
                            }
                            telling.execute(task);
                        })
                .sockets(other);
        TestSocket anns = other.connect(Map.of("token", ann.token()), Map.of());
        await().until(() -> !refuses.get()); // ann herself has come
        assertThat(watch(anns, bob).get("online").size()).isZero();

        TestSocket bobs = connect(bob);

        await().until(() -> anns.got().stream().anyMatch(message -> message.contains("\"online\":true")));
        bobs.end(DisconnectReason.CLIENT);
    }

    @Test
    void whatCannotBeWatchedIsRefused() {
        TestSocket anns = connect(ann);
        for (Object bad : List.of(
                Map.of(),
                Map.of("users", "ann"),
                Map.of("users", List.of("no id!")),
                Map.of("users", Collections.nCopies(201, "x")))) {
            assertThat(anns.ask("presence:watch", bad).get("error").get("code").stringValue())
                    .isEqualTo("bad_request");
        }
        assertThat(instance.stranger().get("/api/presence?users=a").status()).isEqualTo(401);
        assertThat(ann.get("/api/presence?users=a%20b").status()).isEqualTo(400);
        assertThat(ann.get("/api/presence").json().get("online").size()).isZero();
    }

    private static JsonNode seen(Person asking, Person asked) {
        RouteAnswer answer = asking.get("/api/presence?users=" + asked.id());
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }
}
