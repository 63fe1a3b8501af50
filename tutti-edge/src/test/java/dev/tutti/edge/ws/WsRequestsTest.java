package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.Tutti;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.feed.FeedKey;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.access.OpenAccess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WsRequestsTest {
    /** {@code org:X} is for those who have the capability {@code read:org:X}, or {@code X} in their claim org. */
    private static final class ByRights implements StreamAccess {
        private boolean away;

        static boolean mayRead(Principal who, String name) {
            return who.capabilities().contains("read:" + name)
                    || who.claims().getOrDefault("org", Set.of()).stream().anyMatch(org -> name.equals("org:" + org));
        }

        @Override
        public boolean mayRead(Principal who, StreamName stream) {
            if (away) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "nobody can tell at the moment");
            }
            return mayRead(who, stream.value());
        }

        @Override
        public boolean mayAppend(Principal who, StreamName stream) {
            return false;
        }
    }

    private static final FeedAccess FEEDS = new FeedAccess() {
        @Override
        public boolean isPublic(FeedKey key) {
            return key.kind().equals("public");
        }

        @Override
        public boolean mayRead(Principal who, FeedKey key) {
            return ByRights.mayRead(who, key.value());
        }

        @Override
        public boolean mayPublish(Principal who, FeedKey key) {
            return false;
        }
    };

    /** Writes down what it is told. */
    private static final class Told implements WsRequests.Client {
        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final Set<StreamName> streams = new HashSet<>();
        private final Set<FeedKey> feeds = new HashSet<>();
        private final List<Supplier<byte[]>> notEncoded = new CopyOnWriteArrayList<>();

        @Override
        public void send(byte[] utf8) {
            messages.add(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void send(Supplier<byte[]> utf8) {
            notEncoded.add(utf8);
            send(utf8.get());
        }

        @Override
        public void authenticated(Principal principal) {
            messages.add("authenticated " + principal.id());
        }

        @Override
        public void cut(ErrorCode code, String reason) {
            messages.add("cut " + code);
        }

        @Override
        public void subscribe(StreamName stream, long after, @Nullable Object id) {
            messages.add("subscribed " + stream);
            streams.add(stream);
        }

        @Override
        public void unsubscribe(StreamName stream, @Nullable Object id) {
            messages.add("unsubscribed " + stream);
            streams.remove(stream);
        }

        @Override
        public void follow(Entitlements entitlements, @Nullable String token, @Nullable Object id) {
            messages.add("follows");
        }

        @Override
        public void subscribe(FeedKey key, long known, @Nullable Object id) {
            messages.add("subscribed to feed " + key + " behind " + known);
            feeds.add(key);
        }

        @Override
        public void unsubscribe(FeedKey key, @Nullable Object id) {
            messages.add("unsubscribed feed " + key);
            feeds.remove(key);
        }

        @Override
        public WsRequests.Subscribed subscribed() {
            return new WsRequests.Subscribed(streams, feeds);
        }
    }

    private final Tutti tutti = Tutti.over(new MemoryStreamStore(
                    new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
            .meters(new SimpleMeterRegistry())
            .start();
    private final Told client = new Told();
    private StreamAccess access = new OpenAccess();
    private @Nullable TuttiException away;

    private WsRequests requests() {
        return new WsRequests(
                client,
                new StreamGate(tutti.streams(), this::who, access),
                new FeedGate(tutti.feeds(), this::who, FEEDS),
                new Handshake("127.0.0.1", Map.of(), Map.of(), Map.of()),
                new JsonCodec());
    }

    private Principal who(Handshake shown) {
        if (away != null) {
            throw away;
        }
        String[] token = String.valueOf(shown.auth().get("token")).split(" "); // who, what they may, and claims
        Set<String> capabilities = new HashSet<>();
        Map<String, Set<String>> claims = new HashMap<>();
        for (String part : List.of(token).subList(1, token.length)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                capabilities.add(part);
            } else {
                claims.put(part.substring(0, equals), Set.of(part.substring(equals + 1)));
            }
        }
        return new Principal(token[0], "session", Instant.MAX, capabilities, claims);
    }

    private static byte[] message(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] publish(int id) {
        return message("{\"op\":\"publish\",\"id\":" + id + ",\"stream\":\"room:a\",\"type\":\"t\",\"data\":1}");
    }

    @AfterEach
    void close() {
        tutti.close();
    }

    @Test
    @Timeout(60)
    void publishesThatAreRefusedAtOnceTakeNoRoomFromThoseBehindThem() {
        WsRequests requests = requests();
        requests.handle(message("{\"op\":\"auth\",\"token\":\"ann\"}"));
        tutti.streams().close(); // what is appended from now on is refused before it is under way
        for (int i = 0; i < 200; i++) {
            requests.handle(publish(i));
        }
        assertThat(client.messages).hasSize(202);
        assertThat(client.messages.subList(2, 202))
                .allSatisfy(answer -> assertThat(answer).contains("\"op\":\"error\"", "going_away"));
        requests.handle(message("{\"op\":\"ping\",\"id\":9}"));
        assertThat(client.messages.getLast()).isEqualTo("{\"op\":\"pong\",\"id\":9}");
    }

    @Test
    void publishesAndWhatFollowsThemAreAnsweredInOrder() {
        WsRequests requests = requests();
        requests.handle(message("{\"op\":\"auth\",\"token\":\"ann\"}"));
        for (int i = 0; i < 200; i++) {
            requests.handle(publish(i));
        }
        requests.handle(message("{\"op\":\"ping\",\"id\":200}"));

        for (int i = 0; i <= 200; i++) {
            assertThat(client.messages.get(i + 2)).contains("\"id\":" + i);
        }
    }

    @Test
    void answersToPublishesAreEncodedOnTheLoopsOfTheirClients() {
        WsRequests requests = requests();
        auth(requests, "ann");
        for (int i = 0; i < 10; i++) {
            requests.handle(publish(i));
        }
        requests.handle(message("{\"op\":\"ping\",\"id\":10}"));

        assertThat(client.messages.subList(2, 12))
                .allSatisfy(answer -> assertThat(answer).contains("\"op\":\"ok\""));
        assertThat(client.notEncoded)
                .as("what the thread left that writes appends")
                .hasSize(10);
    }

    private void auth(WsRequests requests, String token) {
        requests.handle(message("{\"op\":\"auth\",\"token\":\"" + token + "\"}"));
    }

    @Test
    void aTokenThatDoesNotAllowASubscriptionEndsTheConnection() {
        access = new ByRights();
        WsRequests requests = requests();
        for (String token : List.of("ann read:org:3", "ann read:org:1", "ann read:org:1 read:org:2")) {
            auth(requests, token);
        }
        requests.handle(message("{\"op\":\"subscribe\",\"stream\":\"org:1\",\"after\":0}"));
        auth(requests, "ann read:org:1");
        assertThat(client.messages)
                .as("as long as it allows what goes on")
                .contains("subscribed org:1")
                .noneMatch(told -> told.startsWith("cut"));

        auth(requests, "ann read:org:2");

        assertThat(client.messages).contains("cut GOING_AWAY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "ann org=8", "ann team=7"})
    void aTokenWithoutTheClaimThatAllowedASubscriptionEndsTheConnection(String token) {
        access = new ByRights();
        WsRequests requests = requests();
        auth(requests, "ann org=7");
        requests.handle(message("{\"op\":\"subscribe\",\"stream\":\"org:7\",\"after\":0}"));
        auth(requests, "ann org=7 team=1");
        assertThat(client.messages).contains("subscribed org:7").noneMatch(told -> told.startsWith("cut"));

        auth(requests, token);

        assertThat(client.messages).contains("cut GOING_AWAY");
    }

    @Test
    void aFeedIsJudgedAgainByTheNewTokenToo() {
        access = new ByRights();
        WsRequests requests = requests();
        auth(requests, "ann org=7");
        requests.handle(message("{\"op\":\"feed.subscribe\",\"key\":\"org:7\"}"));
        requests.handle(message("{\"op\":\"feed.subscribe\",\"key\":\"public:1\"}"));
        auth(requests, "ann org=7 team=1");
        assertThat(client.messages).noneMatch(told -> told.startsWith("cut"));
        requests.handle(message("{\"op\":\"feed.unsubscribe\",\"key\":\"org:7\"}"));
        auth(requests, "ann");
        assertThat(client.messages)
                .as("what it has left is for anybody")
                .contains("unsubscribed feed org:7")
                .noneMatch(told -> told.startsWith("cut"));
        auth(requests, "ann org=7");
        requests.handle(message("{\"op\":\"feed.subscribe\",\"key\":\"org:7\"}"));

        auth(requests, "ann");

        assertThat(client.messages).contains("cut GOING_AWAY");
    }

    @Test
    void aRenewalThatCannotBeJudgedNowChangesNothing() {
        ByRights rights = new ByRights();
        access = rights;
        WsRequests requests = requests();
        auth(requests, "ann org=7");
        requests.handle(message("{\"op\":\"subscribe\",\"stream\":\"org:7\",\"after\":0}"));
        rights.away = true;

        auth(requests, "ann");

        assertThat(client.messages.getLast()).contains("\"code\":\"unavailable\"");
        assertThat(client.messages).containsOnlyOnce("authenticated ann").noneMatch(told -> told.startsWith("cut"));
    }

    @Test
    void aClientThatCouldNotBeCheckedIsToldToComeAgain() {
        WsRequests requests = requests();
        assertThat(requests.lateness().code()).isEqualTo(ErrorCode.UNAUTHENTICATED);

        away = new TuttiException(ErrorCode.UNAVAILABLE, "the database is away");
        requests.handle(message("{\"op\":\"auth\",\"token\":\"ann\"}"));
        assertThat(requests.lateness().code()).isEqualTo(ErrorCode.UNAVAILABLE);
        requests.handle(publish(1));
        assertThat(client.messages).allSatisfy(answer -> assertThat(answer).contains("unavailable"));

        away = new TuttiException(ErrorCode.UNAUTHENTICATED, "no such token");
        requests.handle(message("{\"op\":\"auth\",\"token\":\"ann\"}"));
        assertThat(requests.lateness().code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    }

    @Test
    void whatIsNoMessageIsAnswered() {
        WsRequests requests = requests();
        for (String text : List.of("", "[]", "{", "{\"op\":1}", "{\"id\":[]}", "{\"op\":\"nothing\"}")) {
            assertThatCode(() -> requests.handle(message(text))).doesNotThrowAnyException();
        }
        assertThat(client.messages)
                .hasSize(6)
                .allSatisfy(answer -> assertThat(answer).contains("error"));
    }
}
