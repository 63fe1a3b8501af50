package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Answers;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Message;
import dev.tutti.socket.Principal;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socketio.cluster.ClusterRequests;
import dev.tutti.stream.Json;
import io.socket.client.Ack;
import io.socket.client.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What one instance asks and orders of the sockets and servers at all of them. */
class ClusterCallsTest extends ManyClients {
    private static final int INSTANCES = 3;
    private static final int CLIENTS = 6;

    ClusterCallsTest() {
        super(INSTANCES, CLIENTS);
    }

    @Test
    void acknowledgementsAreGatheredFromAllInstances() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.get(i).on("ask", data -> ((Ack) data[1]).call(number, data[0]));
        }

        Answers answers =
                cluster.namespace(1).emitWithAck(LONG, "ask", new byte[] {7}).get(30, TimeUnit.SECONDS);

        assertThat(answers.complete()).isTrue();
        assertThat(answers.answers())
                .hasSize(CLIENTS)
                .allSatisfy(each -> assertThat(each.get(1)).isEqualTo(new byte[] {7}));
        assertThat(answers.answers().stream().map(List::getFirst)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Tag("slow")
    @Test
    void whoDoesNotAnswerIsWaitedForUntilTheTimeIsUpAndMissed() throws Exception {
        for (int i = 0; i < CLIENTS - 1; i++) {
            clients.get(i).on("ask", data -> ((Ack) data[0]).call("here"));
        }

        Answers all =
                cluster.namespace(0).emitWithAck(Duration.ofSeconds(5), "ask").get(30, TimeUnit.SECONDS);
        Answers low = cluster.namespace(0).to("low").emitWithAck(LONG, "ask").get(30, TimeUnit.SECONDS);
        Answers one = cluster.namespace(0)
                .to(ends.get(1).id())
                .emitWithAck(LONG, "ask")
                .get(30, TimeUnit.SECONDS);
        Answers nobody =
                cluster.namespace(0).to("nowhere").emitWithAck(LONG, "ask").get(30, TimeUnit.SECONDS);

        assertThat(all.complete()).isFalse();
        assertThat(all.answers()).hasSize(CLIENTS - 1);
        assertThat(low.complete()).isTrue();
        assertThat(low.answers()).hasSize(3);
        assertThat(one).isEqualTo(new Answers(List.of(List.of("here")), true));
        assertThat(nobody).isEqualTo(new Answers(List.of(), true));
    }

    @Test
    void whoDisconnectsMeanwhileIsNotWaitedFor() throws Exception {
        clients.get(4).on("ask", data -> clients.get(4).disconnect());

        Answers answers = cluster.namespace(0)
                .to(ends.get(4).id())
                .emitWithAck(LONG, "ask")
                .get(20, TimeUnit.SECONDS);

        assertThat(answers).isEqualTo(new Answers(List.of(), false));
    }

    @Tag("slow")
    @Test
    void anInstanceThatDiesInTheMiddleOfACallIsNotWaitedFor() throws Exception {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        clients.get(1).on("ask", _ -> asked.complete(true)); // and never answers
        clients.get(0).on("ask", data -> ((Ack) data[0]).call("here"));

        CompletableFuture<Answers> call =
                cluster.namespace(0).except(ends.get(2).id()).to("low").emitWithAck(Duration.ofMinutes(10), "ask");
        CompletableFuture<List<RemoteSocket>> found = cluster.namespace(0).fetchSockets();
        asked.get(20, TimeUnit.SECONDS);
        assertThat(found.get(30, TimeUnit.SECONDS)).hasSize(CLIENTS);
        cluster.kill(1);

        assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo(new Answers(List.of(List.of("here")), false));
        assertThat(cluster.namespace(0).fetchSockets().get(30, TimeUnit.SECONDS))
                .hasSize(4)
                .noneMatch(socket -> socket.instance().equals("one-1"));
    }

    @Test
    void aThousandCallsAndNoMoreMayWait() {
        for (int i = 0; i < ClusterRequests.MOST; i++) {
            var _ = cluster.namespace(0).to("low").emitWithAck(LONG, "nobody answers this");
        }

        assertThat(cluster.namespace(0).to("low").emitWithAck(LONG, "one more"))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        TuttiException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.OVERLOADED));
        clients.forEach(Socket::disconnect);
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(ExecutionException.class) // some still wait
                .untilAsserted(() -> assertThat(cluster.namespace(0)
                                .emitWithAck(Duration.ofSeconds(5), "again")
                                .get()
                                .complete())
                        .isTrue());
    }

    @Test
    void aCallHasATimeThatIsBounded() {
        assertThatThrownBy(() -> cluster.namespace(0).emitWithAck(Duration.ofHours(2), "ask"))
                .hasMessageContaining("PT2H")
                .hasMessageContaining("PT1H");
        assertThatThrownBy(() -> cluster.namespace(0).serverSideEmitWithAck(Duration.ZERO, "ask"))
                .hasMessageContaining("PT0S");
    }

    @Test
    void socketsAreFoundWithWhatIsKnownOfThem() throws Exception {
        Instant until = Instant.now().plusSeconds(3_600);
        ends.get(1).authenticated(new Principal("ada", "s1", until));
        ends.get(1).data().put("color", Map.of("r", 1));
        ends.get(1).data().put("bytes", new byte[] {1});
        ends.get(1).data().put("not for others", new Object());
        ends.get(1).data().put("nor this", List.of(List.of(new Object())));

        List<RemoteSocket> all = cluster.namespace(0).fetchSockets().get(20, TimeUnit.SECONDS);
        List<RemoteSocket> one =
                cluster.namespace(0).to(ends.get(1).id()).fetchSockets().get(20, TimeUnit.SECONDS);
        List<RemoteSocket> odd = cluster.namespace(2).to("odd").fetchSockets().get(20, TimeUnit.SECONDS);

        assertThat(all).extracting(RemoteSocket::id).containsExactlyInAnyOrderElementsOf(ids(0, 1, 2, 3, 4, 5));
        assertThat(odd).extracting(RemoteSocket::id).containsExactlyInAnyOrderElementsOf(ids(1, 3, 5));
        assertThat(one).singleElement().satisfies(ada -> {
            assertThat(ada.id()).isEqualTo(ends.get(1).id());
            assertThat(ada.instance()).isEqualTo("one-1");
            assertThat(ada.address()).isEqualTo("127.0.0.1");
            assertThat(ada.rooms()).containsExactlyInAnyOrder(ada.id(), "low", "odd");
            assertThat(ada.principal())
                    .isEqualTo(new Principal("ada", "s1", Instant.ofEpochSecond(until.getEpochSecond())));
            assertThat(ada.data()).containsOnlyKeys("color", "bytes").containsEntry("color", Map.of("r", 1));
        });
        assertThat(all)
                .filteredOn(socket -> socket.id().equals(ends.get(2).id()))
                .singleElement()
                .satisfies(anonymous ->
                        assertThat(anonymous.principal()).isEqualTo(ends.get(2).principal()));
    }

    @Test
    void whateverIsRememberedOfOneSocketAllAreFound() throws Exception {
        Map<String, @Nullable Object> profile = new HashMap<>();
        profile.put("avatar", null);
        ends.get(1).data().put("profile", profile);
        ends.get(2).data().put("no number", Double.NaN);
        ends.get(4).data().put("no JSON", Json.of("{"));

        for (int i = 0; i < INSTANCES; i++) {
            List<RemoteSocket> all = cluster.namespace(i).fetchSockets().get(20, TimeUnit.SECONDS);

            assertThat(all).extracting(RemoteSocket::id).containsExactlyInAnyOrderElementsOf(ids(0, 1, 2, 3, 4, 5));
            assertThat(all).allSatisfy(socket -> {
                if (socket.id().equals(ends.get(1).id())) {
                    assertThat(socket.data()).containsOnlyKeys("profile").containsEntry("profile", profile);
                } else {
                    assertThat(socket.data()).isEmpty();
                }
            });
        }
    }

    @Test
    void socketsJoinAndLeaveRoomsFromAnywhere() throws Exception {
        cluster.namespace(0).to("even").join("picked");
        cluster.namespace(2).to(ends.get(1).id()).join("picked");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                cluster.namespace(1).to("picked").fetchSockets().get())
                        .extracting(RemoteSocket::id)
                        .containsExactlyInAnyOrderElementsOf(ids(0, 1, 2, 4)));
        cluster.namespace(1).to(ends.get(4).id()).leave("picked");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                cluster.namespace(1).to("picked").fetchSockets().get())
                        .extracting(RemoteSocket::id)
                        .containsExactlyInAnyOrderElementsOf(ids(0, 1, 2)));

        cluster.namespace(1).to("picked").emit("news", 1);

        assertReached(0, 1, 2);
    }

    @Test
    void socketsAreDisconnectedFromAnywhere() throws Exception {
        BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
        ends.forEach(end -> end.onDisconnect(reasons::add));

        cluster.namespace(0).to("high").disconnect();

        for (int i = 0; i < CLIENTS / 2; i++) {
            assertThat(reasons.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.SERVER);
        }
        assertThat(cluster.namespace(1).fetchSockets().get(20, TimeUnit.SECONDS))
                .extracting(RemoteSocket::id)
                .containsExactlyInAnyOrderElementsOf(ids(0, 1, 2));
    }

    @Test
    void anInstanceWithoutAHandlerAnswersNothingAndIsNotWaitedFor() throws Exception {
        cluster.namespace(1).onServerEvent("known to one", message -> message.reply(1));

        Answers answers = cluster.namespace(0)
                .serverSideEmitWithAck(Duration.ofMinutes(10), "known to one")
                .get(30, TimeUnit.SECONDS);

        assertThat(answers).isEqualTo(new Answers(List.of(List.of(1)), false));
    }

    @Tag("slow")
    @Test
    void serversTellEachOtherAndAnswer() throws Exception {
        BlockingQueue<Message> heard = new LinkedBlockingQueue<>();
        for (int i = 0; i < INSTANCES; i++) {
            String name = "server " + i;
            cluster.namespace(i).onServerEvent("told", heard::add);
            cluster.namespace(i)
                    .onServerEvent(
                            "asked",
                            message -> message.reply(name, message.arguments().get(0)));
        }
        cluster.namespace(2).onServerEvent("silent for some", message -> message.reply(2));
        cluster.namespace(1).onServerEvent("silent for some", _ -> {});

        cluster.namespace(0).serverSideEmit("told", "x", new byte[] {1});
        Answers answers =
                cluster.namespace(0).serverSideEmitWithAck(LONG, "asked", 5).get(20, TimeUnit.SECONDS);
        Answers some = cluster.namespace(0)
                .serverSideEmitWithAck(Duration.ofSeconds(5), "silent for some")
                .get(20, TimeUnit.SECONDS);

        assertThat(answers.complete()).isTrue();
        assertThat(answers.answers()).containsExactlyInAnyOrder(List.of("server 1", 5), List.of("server 2", 5));
        assertThat(some).isEqualTo(new Answers(List.of(List.of(2)), false));
        for (int i = 1; i < INSTANCES; i++) {
            Message message = heard.poll(20, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.text(0)).isEqualTo("x");
            assertThat(message.arguments().get(1)).isEqualTo(new byte[] {1});
            assertThat(message.wantsReply()).isFalse();
        }
        assertThat(heard).isEmpty();
    }
}
