package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.sse.EventStreams;
import dev.tutti.edge.ws.PlainWebSocket;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.socketio.SocketIoServer;
import dev.tutti.socketio.SocketIoSettings;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.access.OpenAccess;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.TextSocket;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two instances on one database that do not hear each other: as if the bus lost everything. */
class RevocationTest {
    private static final Duration PROMISED = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AccountInstance here = new AccountInstance();
    private final AccountInstance there = new AccountInstance();
    private final Tutti tutti = Tutti.on(MemoryBackend.open()).start();
    private final Edge edge = edge();
    private final Api api = new Api(PATIENCE);
    private final Person ann = here.person();

    @AfterEach
    void close() {
        api.close();
        edge.close();
        tutti.close();
        there.close();
        here.close();
    }

    @Test
    void logoutCutsTheConnectionsAtAnInstanceThatDoesNotHearOfIt() throws Exception {
        assertAllAreCutAfter(() -> ann.post("/api/auth/logout", null));
    }

    @Test
    void aSessionThatIsEndedFromAnotherOneIsCut() throws Exception {
        Person phone = ann.with(login().text("accessToken"));

        assertAllAreCutAfter(() -> phone.delete("/api/sessions"));

        assertThat(phone.get("/api/auth/me").status()).isEqualTo(200);
    }

    @Test
    void aRowChangedInTheDatabaseCutsThem() throws Exception {
        assertAllAreCutAfter(() -> AccountDatabase.execute(
                "update tutti.user_session set revoked_at = now() where user_id = '" + ann.id() + "'"));
    }

    @Test
    void anAccountThatIsDeletedIsCut() throws Exception {
        assertAllAreCutAfter(
                () -> AccountDatabase.execute("delete from tutti.user_session where user_id = '" + ann.id() + "'"));
    }

    @Tag("slow")
    @Test
    void theSessionThatOneTooManyEndsIsCut() throws Exception {
        assertAllAreCutAfter(() -> {
            for (int i = 0; i < SessionStore.MAX_PER_USER; i++) {
                login();
            }
        });
    }

    /** The instance remembers for a second that the session was good; it must not let anybody stay for that. */
    @RepeatedTest(3)
    void whoComesInByWhatIsRememberedIsCut() throws Exception {
        assertThat(ann.at(there).get("/api/auth/me").status()).isEqualTo(200); // is remembered now
        ann.post("/api/auth/logout", null);

        CompletableFuture<String> cut = webSocket(ann.token());

        await().atMost(PROMISED).until(cut::isDone);
    }

    @Tag("slow")
    @Test
    void otherSessionsOfThePersonLiveOn() throws Exception {
        RouteAnswer phone = login();
        CompletableFuture<String> phones = webSocket(phone.text("accessToken"));
        CompletableFuture<String> tabs = webSocket(ann.token());

        ann.post("/api/auth/logout", null);

        await().atMost(PROMISED).until(tabs::isDone);
        assertThat(tabs.join()).isEqualTo("4211");
        assertThat(phones).isNotDone();
    }

    private void assertAllAreCutAfter(Runnable end) throws Exception {
        CompletableFuture<String> plain = webSocket(ann.token());
        CompletableFuture<String> webSocket = socketIo("websocket");
        CompletableFuture<String> polling = socketIo("polling");
        CompletableFuture<HttpResponse<String>> events = events();

        end.run();

        await().atMost(PROMISED)
                .until(() -> plain.isDone() && webSocket.isDone() && polling.isDone() && events.isDone());
        assertThat(plain.join()).isEqualTo("4211");
        assertThat(webSocket.join()).isEqualTo("io server disconnect");
        assertThat(polling.join()).isEqualTo("io server disconnect");
        assertThat(events.join().body()).contains("session_revoked");
    }

    private RouteAnswer login() {
        return here.stranger()
                .post("/api/auth/login", Map.of("name", ann.name(), "password", "password of " + ann.name()));
    }

    /** Opens one whose credentials were looked at; the code with which it is closed. */
    private CompletableFuture<String> webSocket(String token) throws Exception {
        CompletableFuture<String> closed = new CompletableFuture<>();
        CompletableFuture<Void> answered = new CompletableFuture<>();
        TextSocket opened =
                api.webSocket(uri("/ws"), new Account("", "", token), PATIENCE, new TextSocket.TextListener() {
                    @Override
                    public void onText(TextSocket socket, String text) {
                        if (text.contains("pong")) {
                            answered.complete(null);
                        }
                    }

                    @Override
                    public void onEnd(String why) {
                        if (why.startsWith("closed with ")) { // it did not break
                            closed.complete(why.replaceFirst("closed with (\\d+).*", "$1"));
                        }
                    }
                });
        opened.say("{\"op\":\"ping\"}"); // what comes first is done first; it may be closed by now
        CompletableFuture.anyOf(answered, closed).get();
        return closed;
    }

    /** Connects; the reason for which that ends. */
    private CompletableFuture<String> socketIo(String transport) throws Exception {
        return OfficialSocket.at(uri("/"))
                .account(new Account("", "", ann.token()))
                .transports(transport)
                .patience(PATIENCE)
                .connect()
                .ended();
    }

    /** Server-sent events; complete when they end. */
    private CompletableFuture<HttpResponse<String>> events() {
        Account account = new Account("", "", ann.token());
        return api.sendAsync(Api.request(uri("/api/feed"), account), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.port() + path);
    }

    /** Where connections come to {@link #there}, each of which may follow a stream of its own. */
    private Edge edge() {
        StreamAccess access = new OpenAccess() {
            @Override
            public Optional<Entitlements> entitlements(Principal who) {
                return Optional.of(() -> Map.of(StreamName.of("user", who.id()), 0L));
            }
        };
        SocketIoServer sockets = new SocketIoServer(SocketIoSettings.DEFAULT, tutti);
        there.accounts().sockets(sockets.namespace("/"));
        return Edge.of(tutti)
                .settings(EdgeSettings.DEFAULT.withAddress("127.0.0.1", 0))
                .authenticator(there.accounts())
                .sessionCheck(there.accounts())
                .endpoint(sockets)
                .endpoint(parts -> new PlainWebSocket(parts, access))
                .endpoint(parts -> EventStreams.ofEntitled(parts, access))
                .start();
    }
}
