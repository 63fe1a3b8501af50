package dev.tutti.chat.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.Person;
import dev.tutti.chat.fixture.RouteAnswer;
import dev.tutti.chat.fixture.ShiftedClock;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
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
        StreamAccess access = instance.chat().streamAccess();
        String mark = ann.name();
        for (int i = 0; i < 3; i++) {
            append(access, "room:" + mark + i);
        }

        assertThatThrownBy(() -> append(access, "room:" + mark + 3))
                .isInstanceOfSatisfying(TuttiException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
                    assertThat(refused.retryAfter())
                            .hasValueSatisfying(
                                    wait -> assertThat(wait).isBetween(Duration.ofMillis(1), Duration.ofDays(1)));
                });
        append(access, "room:" + mark + 1);
        // somebody else's instance, which does not remember who made what
        append(instance.chat().streamAccess(), "room:" + mark + 2);
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
        ShiftedClock clock = new ShiftedClock();
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
            clock.move(Duration.ofDays(1));
            here.charge(ann.id(), Quota.BYTES, 10);
        }
        try (Quotas later = new Quotas(FeatureDatabase.shared(), ten, clock)) {
            assertThatThrownBy(() -> later.charge(ann.id(), Quota.BYTES, 1)).isInstanceOf(TuttiException.class);
        }
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

    private boolean charged(Quotas quotas) {
        try {
            quotas.charge(ann.id(), Quota.BYTES, 1);
            return true;
        } catch (TuttiException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
            return false;
        }
    }

    private void append(StreamAccess access, String stream) {
        Append append = new Append(new StreamName(stream), "t", Json.of("1"));
        access.charge(ann.principal(), append);
        instance.streams().append(append);
    }

    private static String group(Person founder) {
        RouteAnswer made = founder.post("/api/conversations", Map.of("kind", "group", "title", "mine"));
        assertThat(made.status()).isEqualTo(201);
        return made.json().get("id").stringValue();
    }
}
