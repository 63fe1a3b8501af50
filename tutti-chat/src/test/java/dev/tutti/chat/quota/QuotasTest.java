package dev.tutti.chat.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.StreamCharges;
import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.OpenStreams;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.edge.stream.StreamRoutes;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.fixture.MovedClock;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private final TestInstance instance = new TestInstance(new QuotaSettings(10_000, 3, 2));
    private final Person ann = instance.person();
    private final Person bob = instance.person();

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void anAccountWritesSoManyBytesADay() {
        String group = group(ann);
        List<RouteAnswer> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(ann.post(
                    "/api/conversations/" + group + "/messages", Map.of("id", "m" + i, "text", "x".repeat(3_000))));
        }

        assertThat(answers.stream().map(RouteAnswer::status)).containsExactly(201, 201, 201, 429, 429);
        assertThat(answers.getLast().code()).isEqualTo("quota_exceeded");
        assertThat(bob.post("/api/conversations/" + group(bob) + "/messages", Map.of("id", "m", "text", "hi"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void anAccountCreatesSoManyStreamsAndWritesToThoseThatAreThere() {
        StreamCharges charges = instance.chat().streamCharges();
        String mark = ann.name();
        for (int i = 0; i < 3; i++) {
            append(charges, "room:" + mark + i);
        }

        assertThatThrownBy(() -> append(charges, "room:" + mark + 3))
                .isInstanceOfSatisfying(TuttiException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                    assertThat(refused.retryAfter())
                            .hasValueSatisfying(
                                    wait -> assertThat(wait).isBetween(Duration.ofMillis(1), Duration.ofDays(1)));
                });
        append(charges, "room:" + mark + 1);
        // somebody else's instance, which does not remember who made what
        append(instance.chat().streamCharges(), "room:" + mark + 2);
    }

    @Test
    void ofABatchThatIsTooMuchNothingIsCounted() {
        StreamCharges charges = instance.chat().streamCharges();
        List<Append> fourStreams = new ArrayList<>();
        List<Append> large = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            fourStreams.add(new Append(new StreamName("room:" + ann.name() + i), "t", Json.of("1")));
            large.add(new Append(
                    new StreamName("room:" + ann.name() + "0"), "t", Json.of("\"" + "x".repeat(3_000) + "\"")));
        }

        assertThatThrownBy(() -> charges.charge(holder(), fourStreams)).isInstanceOf(TuttiException.class);
        charges.charge(holder(), fourStreams.subList(0, 3)); // all three are left
        assertThatThrownBy(() -> charges.charge(holder(), large)).isInstanceOf(TuttiException.class);
        charges.charge(holder(), large.subList(0, 2)); // so much is left
        assertThatThrownBy(() -> charges.charge(holder(), large.subList(0, 2))).isInstanceOf(TuttiException.class);
    }

    @Test
    void anAccountFoundsSoManyGroupsAlsoIfItLeavesThem() {
        for (int i = 0; i < 3; i++) {
            ann.delete("/api/conversations/" + group(ann) + "/members/" + ann.id());
        }

        RouteAnswer refused = ann.post("/api/conversations", Map.of("kind", "group", "title", "one more"));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("quota_exceeded");
        group(bob);
    }

    @Test
    void anAccountComesAndGoesSoOftenADay() {
        RouteAnswer made = bob.post("/api/conversations", Map.of("kind", "group", "title", "open", "open", true));
        String group = "/api/conversations/" + made.text("id");

        assertThat(untilRefused(
                        () -> ann.post(group + "/join", null),
                        () -> ann.delete(group + "/members/" + ann.id()),
                        2 * (10_000 / 800)))
                .isEqualTo("quota_exceeded");

        assertThat(instance.person().post(group + "/join", null).status()).isEqualTo(204);
        assertThat(bob.delete(group + "/members/" + bob.id()).status()).isEqualTo(204);
    }

    @Test
    void anAccountBringsPeopleInAndTakesThemOutSoOftenADay() {
        RouteAnswer direct = bob.post("/api/conversations", Map.of("kind", "direct", "user", ann.id()));
        ann.post("/api/conversations/" + direct.text("id") + "/accept", null); // they are no strangers
        String members = "/api/conversations/" + group(ann) + "/members";

        assertThat(untilRefused(
                        () -> ann.post(members, Map.of("user", bob.id())),
                        () -> ann.delete(members + "/" + bob.id()),
                        2 * (10_000 / 800)))
                .isEqualTo("quota_exceeded");
    }

    @Test
    void aGroupIsChargedForAllWithWhomItIsMade() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 26; i++) {
            many.add(instance.person().id());
        }

        RouteAnswer refused = make(many);

        assertThat(refused.code()).isEqualTo("quota_exceeded");
        assertThat(make(many.subList(0, 25)).status()).isEqualTo(201);
        assertThat(make(many.subList(0, 1)).code()).isEqualTo("quota_exceeded");
    }

    @Test
    void anAccountThatHasUsedUpAllLeavesAndIsDeletedAllTheSame() {
        String group = "/api/conversations/" + group(bob);
        bob.post(group + "/members", Map.of("user", ann.id()));
        instance.quotas().charge(ann.id(), Quota.BYTES, 10_000);
        String other = "/api/conversations/" + group(bob);
        bob.post(other + "/members", Map.of("user", ann.id()));
        assertThat(ann.delete(other + "/members/" + ann.id()).status()).isEqualTo(204);

        assertThat(ann.post("/api/account/delete", Map.of("password", "password of " + ann.name()))
                        .status())
                .isEqualTo(204);

        assertThat(bob.get(group).json().get("memberCount").intValue()).isEqualTo(1);
    }

    @Test
    void anAccountBeginsSoManyConversationsWithStrangers() {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Person stranger = instance.person();
            statuses.add(ann.post("/api/conversations", Map.of("kind", "direct", "user", stranger.id()))
                    .status());
        }
        assertThat(statuses).containsExactly(201, 201, 429);
        assertThat(ann.post("/api/conversations", Map.of("kind", "group", "title", "t", "members", List.of(bob.id())))
                        .code())
                .isEqualTo("quota_exceeded");
        group(ann); // of nobody but oneself
    }

    @Test
    void whatWasUsedCountsAtAllInstancesAndTheNextDayIsANewOne() {
        MovedClock clock = new MovedClock(Clock.systemUTC());
        QuotaSettings ten = new QuotaSettings(10, 10, 10);
        try (Quotas here = new Quotas(FeatureDatabase.shared(), ten, clock);
                Quotas there = new Quotas(FeatureDatabase.shared(), ten, clock)) {
            here.charge(ann.id(), Quota.BYTES, 6);
            there.charge(ann.id(), Quota.BYTES, 3);
            here.flush();
            there.flush();
            here.charge(ann.id(), Quota.BYTES, 1); // knows of six, and ten are allowed
            here.flush();

            assertThatThrownBy(() -> here.charge(ann.id(), Quota.BYTES, 1)).isInstanceOf(TuttiException.class);
            here.charge(ann.id(), Quota.STREAMS, 10);
            clock.pass(Duration.ofDays(1));
            here.charge(ann.id(), Quota.BYTES, 10);
        }
        try (Quotas later = new Quotas(FeatureDatabase.shared(), ten, clock)) {
            assertThatThrownBy(() -> later.charge(ann.id(), Quota.BYTES, 1)).isInstanceOf(TuttiException.class);
        }
    }

    @Test
    void aPersonWithoutAnAccountIsChargedAtAllInstancesAndNoAccountOfThatName() {
        Clock clock = Clock.fixed(Instant.now(), ZoneOffset.UTC);
        QuotaSettings ten = new QuotaSettings(10, 10, 10);
        QuotaHolder foreign = QuotaHolder.foreign(ann.id());
        try (Quotas here = new Quotas(FeatureDatabase.shared(), ten, clock);
                Quotas there = new Quotas(FeatureDatabase.shared(), ten, clock)) {
            here.charge(foreign, Quota.BYTES, 6);
            here.flush();
            here.charge(foreign, Quota.STREAMS, 10);
            here.charge(foreign, Quota.BYTES, 4);
            here.flush();

            assertThatThrownBy(() -> there.charge(foreign, Quota.BYTES, 1)).isInstanceOf(TuttiException.class);
            assertThatThrownBy(() -> there.charge(foreign, Quota.STREAMS, 1)).isInstanceOf(TuttiException.class);
            there.charge(ann.id(), Quota.BYTES, 10);
        }
    }

    @Test
    void whatIsRefusedCostsNothing() {
        String nobody = "0".repeat(24);
        RouteAnswer made = bob.post("/api/conversations", Map.of("kind", "group", "title", "closed"));
        String closed = "/api/conversations/" + made.text("id");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            statuses.add(make(List.of(nobody)).status());
            statuses.add(ann.post("/api/conversations", Map.of("kind", "direct", "user", nobody))
                    .status());
            statuses.add(ann.post(closed + "/join", null).status());
        }

        assertThat(statuses).containsOnly(404);
        assertThat(make(List.of(bob.id())).status()).isEqualTo(201);
        group(ann);
        group(ann);
        assertThat(make(List.of()).code()).isEqualTo("quota_exceeded");
    }

    @Test
    void whatAddsNothingToAStreamCostsNothing() {
        StreamGate gate = new StreamGate(instance.streams(), instance.accounts(), new OpenStreams(instance.chat()));
        StreamRoutes.add(instance.routes(), gate, new JsonCodec());
        String room = "room:" + ann.name();
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) { // of which three would be too much
            statuses.add(ann.post("/api/streams/" + room, event(room)).status());
            statuses.add(
                    ann.post("/api/streams", List.of(event(room), event(room))).status());
        }
        assertThat(statuses.getFirst()).isEqualTo(201);
        assertThat(statuses.subList(1, 10)).containsOnly(200);

        instance.streams().close(); // what is appended from now on is refused
        for (int i = 0; i < 5; i++) { // three streams there may be
            assertThat(ann.post("/api/streams/" + room + i, event(room + i)).code())
                    .isEqualTo("going_away");
            assertThat(ann.post("/api/streams", List.of(event(room + i), event(room + i)))
                            .body())
                    .contains("going_away")
                    .doesNotContain("seq");
        }

        instance.quotas().charge(ann.id(), Quota.STREAMS, 2);
        assertThatThrownBy(() -> instance.quotas().charge(ann.id(), Quota.STREAMS, 1))
                .hasMessageContaining("new streams");
        instance.quotas().charge(ann.id(), Quota.BYTES, 10_000 - 3_202);
        assertThatThrownBy(() -> instance.quotas().charge(ann.id(), Quota.BYTES, 1))
                .hasMessageContaining("bytes of events");
    }

    /** It counts as 3,202 bytes: 200, and its text with the quotes. */
    private static Map<String, Object> event(String stream) {
        return Map.of("stream", stream, "type", "said", "data", "x".repeat(3_000), "key", "k");
    }

    @Test
    void aMessageThatIsSentAgainCostsNothing() {
        String messages = "/api/conversations/" + group(ann) + "/messages";
        Map<String, Object> message = Map.of("id", "m", "text", "x".repeat(3_000));
        for (int i = 0; i < 5; i++) {
            assertThat(ann.post(messages, message).status()).isBetween(200, 201);
        }
        assertThat(ann.post(messages, Map.of("id", "n", "text", "x".repeat(3_000)))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void changesOfMessagesThatAreRefusedCostNothing() {
        String messages = "/api/conversations/" + group(ann) + "/messages";
        RouteAnswer sent = ann.post(messages, Map.of("id", "m", "text", "gone soon"));
        String message = messages + "/" + sent.json().get("seq");
        assertThat(ann.delete(message).status()).isBetween(200, 299);

        for (int i = 0; i < 20; i++) {
            assertThat(ann.patch(message, Map.of("text", "x".repeat(1_000))).code())
                    .isEqualTo("conflict");
        }
        assertThat(ann.post(messages, Map.of("id", "n", "text", "x".repeat(3_000)))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whatMayHaveBeenDoneIsCharged() {
        List<Cost> costs = List.of(new Cost(Quota.BYTES, 6_000), new Cost(Quota.STREAMS, 1));
        Supplier<String> lost = () -> {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the connection was lost");
        };

        assertThatThrownBy(() -> instance.quotas().charging(ann.id(), costs, lost))
                .hasMessage("the connection was lost");
        assertThatThrownBy(() -> instance.quotas().charging(ann.id(), costs, lost))
                .hasMessageContaining("bytes of events");
        instance.quotas().charge(ann.id(), Quota.STREAMS, 2);
    }

    @Test
    void nobodyGetsMoreThanTheQuotaWhileSeveralFlush() throws Exception {
        QuotaSettings hundred = new QuotaSettings(100, 1, 1);
        AtomicInteger taken = new AtomicInteger();
        Clock clock = Clock.fixed(Instant.now(), ZoneOffset.UTC); // the same day at midnight, too
        try (Quotas quotas = new Quotas(FeatureDatabase.shared(), hundred, clock);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> users = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                users.add(threads.submit(() -> {
                    for (int use = 0; use < 50; use++) {
                        if (charged(quotas)) {
                            taken.incrementAndGet();
                        }
                        quotas.flush();
                    }
                }));
            }
            for (Future<?> done : users) {
                done.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(taken).hasValue(100);
    }

    /** Does the two in turns, {@code most} times in all, and says with which code the one after that is refused. */
    private static String untilRefused(Supplier<RouteAnswer> one, Supplier<RouteAnswer> two, int most) {
        for (int i = 0; i < most; i++) {
            RouteAnswer answer = i % 2 == 0 ? one.get() : two.get();
            assertThat(answer.status()).as("%s, after %s", answer, i).isEqualTo(204);
        }
        return (most % 2 == 0 ? one : two).get().code();
    }

    private RouteAnswer make(List<String> members) {
        return ann.post("/api/conversations", Map.of("kind", "group", "title", "many", "members", members));
    }

    private boolean charged(Quotas quotas) {
        try {
            quotas.charge(ann.id(), Quota.BYTES, 1);
            return true;
        } catch (TuttiException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
            return false;
        }
    }

    private QuotaHolder holder() {
        return QuotaHolder.account(ann.id());
    }

    private void append(StreamCharges charges, String stream) {
        Append append = new Append(new StreamName(stream), "t", Json.of("1"));
        charges.charge(holder(), List.of(append));
        instance.streams().append(append);
    }

    private static String group(Person founder) {
        RouteAnswer made = founder.post("/api/conversations", Map.of("kind", "group", "title", "mine"));
        assertThat(made.status()).isEqualTo(201);
        return made.json().get("id").stringValue();
    }
}
