package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class FollowSubscriptionTest {
    private static final StreamName INBOX = StreamName.of("user", "1");
    private static final StreamSettings QUICK =
            new StreamSettings(2, 4, 5, Duration.ofMillis(10), Duration.ofMinutes(1));

    private final MemoryStreamStore memory =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final Streams streams = new Streams(
            memory,
            QUICK,
            new SimpleMeterRegistry(),
            new SharedBus(new NoBus(), () -> true, Optional.empty(), new SimpleMeterRegistry()));

    @BeforeAll
    static void lookOften() {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
    }

    @AfterAll
    static void lookAsOthersDo() {
        Awaitility.reset();
    }

    @AfterEach
    void close() {
        streams.close();
    }

    /** A client: notes what it gets, and keeps its token as the protocol's pages say. */
    private static final class Client implements Subscriber {
        final SerialExecutor executor = new SerialExecutor("client");
        final Map<StreamName, List<Long>> got;
        final FollowToken.ResumeTokenBuilder resumeToken;
        volatile boolean ready = true;
        boolean gone;

        Client(Map<StreamName, List<Long>> got, @Nullable String token) {
            this.got = got;
            this.resumeToken = new FollowToken.ResumeTokenBuilder(token == null ? null : FollowToken.parse(token));
        }

        @Override
        public Executor executor() {
            return executor;
        }

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public void onEvents(EncodeOnce<List<Event>> events, int from) {
            for (Event event : events.value().subList(from, events.value().size())) {
                if (!gone) {
                    got.computeIfAbsent(event.stream(), _ -> new CopyOnWriteArrayList<>())
                            .add(event.seq());
                    resumeToken.event(event.stream(), event.seq());
                }
            }
        }

        @Override
        public void onPosition(EncodeOnce<String> position) {
            if (!gone) {
                resumeToken.position(position.value());
            }
        }

        @Override
        public void onGap(ReadResult.Gap gap) {
            throw new AssertionError("nothing is trimmed here: " + gap);
        }

        @Override
        public void onFailure(TuttiException failure) {
            throw failure;
        }

        /** Cuts the connection, at once and between two messages, as a network does. */
        String cut() {
            String[] token = new String[1];
            executor.execute(() -> {
                gone = true;
                token[0] = resumeToken.token();
            });
            await().until(() -> token[0] != null);
            return token[0];
        }

        String token() {
            String[] token = new String[1];
            executor.execute(() -> token[0] = resumeToken.token());
            await().until(() -> token[0] != null);
            return token[0];
        }
    }

    private static Entitlements all(Map<StreamName, Long> floors) {
        return new Entitlements() {
            @Override
            public Map<StreamName, Long> streams() {
                return floors;
            }

            @Override
            public Change change(Event event) {
                return switch (event.type()) {
                    case "joined" ->
                        new Change.Add(new StreamName(event.data().toString().replace("\"", "")));
                    case "left" -> new Change.Leave(event.stream(), event.seq());
                    case "out" ->
                        new Change.Leave(
                                new StreamName(event.data().toString().replace("\"", "")), Long.parseLong(event.key()));
                    default -> new Change.None();
                };
            }
        };
    }

    private static Append event(StreamName stream) {
        return new Append(stream, "said", Json.of("1"));
    }

    @RepeatedTest(20)
    void aClientThatIsCutAgainAndAgainGetsEveryEventOnceAndInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<StreamName> names = new ArrayList<>();
        Map<StreamName, Long> floors = new HashMap<>();
        Map<StreamName, Long> heads = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            names.add(StreamName.of("room", Integer.toString(i)));
            floors.put(names.get(i), 0L);
        }
        Map<StreamName, List<Long>> got = new ConcurrentHashMap<>();
        @Nullable String token = streams.token();
        for (int life = 0; life < 12; life++) {
            Client client = new Client(got, token);
            Subscription following = streams.follow(all(floors), token, client);
            int events = random.nextInt(60);
            for (int i = 0; i < events; i++) {
                StreamName name = names.get(random.nextInt(names.size()));
                heads.merge(name, 1L, Long::sum);
                if (random.nextInt(10) == 0) {
                    memory.append(List.of(event(name)));
                } else if (random.nextBoolean()) {
                    streams.append(event(name));
                } else {
                    streams.appendAsync(event(name)).join();
                }
                client.ready = random.nextInt(20) > 0;
                if (client.ready) {
                    following.resume();
                }
            }
            if (random.nextBoolean()) {
                client.ready = true;
                following.resume();
                await().untilAsserted(() -> heads.forEach((name, head) ->
                        assertThat(got.getOrDefault(name, List.of())).hasSize(head.intValue())));
            }
            String seen = client.cut();
            token = seen.isEmpty() ? token : seen;
            following.close();
        }
        Client last = new Client(got, token);
        streams.follow(all(floors), token, last);
        await().untilAsserted(() -> heads.forEach((name, head) -> assertThat(got.get(name))
                .as("seed %d, %s", seed, name)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, head).boxed().toList())));
    }

    @Test
    void positionsReplaceTheMarksOfATokenSoThatItStaysShort() {
        StreamName first = StreamName.of("room", "a");
        StreamName second = StreamName.of("room", "b");
        Client client = new Client(new ConcurrentHashMap<>(), null);
        streams.follow(all(Map.of(first, 0L, second, 0L)), null, client);
        streams.append(event(first));
        await().untilAsserted(() -> {
            streams.append(event(second));
            assertThat(client.token()).isNotEmpty().doesNotContain(first.value());
        });
    }

    @Test
    void aFeedGainsAStreamWithOneEventAndLosesItWithAnother() {
        StreamName room = StreamName.of("room", "a");
        Map<StreamName, List<Long>> got = new ConcurrentHashMap<>();
        Map<StreamName, Long> entitled = new ConcurrentHashMap<>(Map.of(INBOX, 0L));
        streams.append(event(room));
        streams.follow(all(entitled), null, new Client(got, null));
        entitled.put(room, 0L);
        streams.append(new Append(INBOX, "joined", Json.of("\"room:a\"")));
        streams.append(event(room));
        await().untilAsserted(() -> assertThat(got.get(room)).containsExactly(1L, 2L));
        entitled.remove(room);
        streams.append(new Append(room, "left", Json.of("1")));
        streams.append(event(room));
        streams.append(event(INBOX));
        await().untilAsserted(
                        () -> { // two streams, in any order
                            assertThat(got.get(INBOX)).containsExactly(1L, 2L);
                            assertThat(got.get(room)).containsExactly(1L, 2L, 3L);
                        });
    }

    @Test
    void anEventOfJoiningEntitlesNobodyWhoIsNotAMember() {
        StreamName room = StreamName.of("room", "a");
        streams.append(event(room));
        streams.append(new Append(INBOX, "joined", Json.of("\"room:a\"")));
        Map<StreamName, List<Long>> got = new ConcurrentHashMap<>();
        streams.follow(all(Map.of(INBOX, 0L)), null, new Client(got, null));
        streams.append(event(room));
        streams.append(new Append(INBOX, "joined", Json.of("\"room:a\"")));
        streams.append(event(INBOX));
        await().untilAsserted(() -> assertThat(got.get(INBOX)).containsExactly(2L, 3L));
        assertThat(got).doesNotContainKey(room);
    }

    @Test
    void whatLiesBetweenTwoMembershipsIsNotReadThroughAnOldPosition() {
        StreamName room = StreamName.of("room", "a");
        Map<StreamName, Long> entitled = new ConcurrentHashMap<>(Map.of(INBOX, 0L, room, 0L));
        String token = streams.token();
        streams.append(event(room)); // 1, seen by members
        streams.append(new Append(room, "left", Json.of("1"))); // 2
        streams.append(event(room)); // 3, between
        streams.append(event(room)); // 4, between
        streams.append(new Append(INBOX, "joined", Json.of("\"room:a\"")));
        streams.append(event(room)); // 5
        Map<StreamName, List<Long>> got = new ConcurrentHashMap<>();
        entitled.put(room, 4L);
        streams.follow(all(entitled), token, new Client(got, token));
        await().untilAsserted(
                        () -> assertThat(got.getOrDefault(room, List.of())).endsWith(5L));
        assertThat(got.get(room)).doesNotContain(3L, 4L);
    }

    @Test
    void aMarkThatSkipsOnesLeavingDoesNotKeepOneIn() {
        StreamName room = StreamName.of("room", "a");
        Map<StreamName, Long> entitled = new ConcurrentHashMap<>(Map.of(INBOX, 0L, room, 0L));
        String token = streams.token();
        streams.append(event(room));
        streams.append(new Append(room, "left", Json.of("1")));
        Map<StreamName, List<Long>> got = new ConcurrentHashMap<>();
        // one is a member when the subscription is asked for, and none any more when it begins
        streams.follow(leavesAfterTheFirstQuestion(entitled, room), token + "~room:a@2", new Client(got, null));
        streams.append(event(INBOX));
        streams.append(event(room));
        streams.append(event(INBOX));
        await().untilAsserted(() -> assertThat(got.get(INBOX)).containsExactly(1L, 2L));
        assertThat(got).doesNotContainKey(room);
    }

    private static Entitlements leavesAfterTheFirstQuestion(Map<StreamName, Long> entitled, StreamName room) {
        return () -> {
            Map<StreamName, Long> answer = Map.copyOf(entitled);
            entitled.remove(room);
            return answer;
        };
    }

    @Test
    void leavingCountsWhicheverOfTheTwoStreamsTellsIt() {
        StreamName room = StreamName.of("room", "a");
        Map<StreamName, Long> entitled = new ConcurrentHashMap<>(Map.of(INBOX, 0L, room, 0L));
        Map<StreamName, List<Long>> got = new ConcurrentHashMap<>();
        streams.follow(all(entitled), null, new Client(got, null));
        streams.append(event(room));
        await().untilAsserted(() -> assertThat(got.get(room)).containsExactly(1L));
        entitled.remove(room);
        streams.append(new Append(INBOX, "out", Json.of("\"room:a\""), "1"));
        await().untilAsserted(() -> assertThat(got.get(INBOX)).containsExactly(1L));
        streams.append(event(room));
        streams.append(event(INBOX));
        await().untilAsserted(() -> assertThat(got.get(INBOX)).containsExactly(1L, 2L));
        assertThat(got.get(room)).containsExactly(1L);
    }

    @Test
    void afterAGapTheMembersAreAsked() {
        StreamName room = StreamName.of("room", "a");
        Map<StreamName, Long> entitled = new ConcurrentHashMap<>(Map.of(INBOX, 0L, room, 0L));
        streams.append(event(room));
        Recorder member = new Recorder();
        streams.follow(leavesAfterTwoQuestions(entitled, room), streams.token() + "~room:a@9", member);
        await().untilAsserted(() -> assertThat(member.told).hasSize(1).first().isInstanceOf(ReadResult.Gap.class));
        streams.append(event(room));
        streams.append(event(INBOX));
        await().untilAsserted(() -> assertThat(member.told).hasSizeGreaterThan(1));
        assertThat(member.told.subList(1, member.told.size())).containsExactly(1L); // the inbox's
    }

    private static Entitlements leavesAfterTwoQuestions(Map<StreamName, Long> entitled, StreamName room) {
        AtomicInteger questions = new AtomicInteger();
        return () -> {
            Map<StreamName, Long> answer = new HashMap<>(entitled);
            if (questions.incrementAndGet() > 2) {
                answer.remove(room);
            }
            return answer;
        };
    }

    @Test
    void entitlementsThatThrowEndTheFeedAndNothingElse() {
        Recorder broken = new Recorder();
        Recorder healthy = new Recorder();
        Entitlements throwing = new Entitlements() {
            @Override
            public Map<StreamName, Long> streams() {
                return Map.of(INBOX, 0L);
            }

            @Override
            public Change change(Event event) {
                throw new AssertionError("application code");
            }
        };
        streams.follow(throwing, null, broken);
        streams.follow(all(Map.of(INBOX, 0L)), null, healthy);
        streams.append(event(INBOX));
        await().untilAsserted(() -> assertThat(broken.told).containsExactly(ErrorCode.INTERNAL));
        streams.append(event(INBOX));
        await().untilAsserted(() -> assertThat(healthy.told).containsExactly(1L, 2L));
        assertThat(broken.told).containsExactly(ErrorCode.INTERNAL);
    }

    @Test
    void aTokenOfAnotherStoreIsRefused() {
        assertThatThrownBy(() -> streams.follow(
                        all(Map.of(INBOX, 0L)), "elsewhere.17", new Client(new ConcurrentHashMap<>(), null)))
                .isInstanceOf(TuttiException.class);
    }
}
