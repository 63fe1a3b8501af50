package dev.tutti.edge.socketio;

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
import io.socket.client.Ack;
import io.socket.client.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets what over three instances: six clients, two at each, even ones polling, in rooms by their number. */
class ClusterTest {
    private static final int INSTANCES = 3;
    private static final int CLIENTS = 6;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final BlockingQueue<dev.tutti.socket.Socket> sockets = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();
    private final List<dev.tutti.socket.Socket> ends = new ArrayList<>();
    private final List<Received> news = new ArrayList<>();
    private final List<Received> marks = new ArrayList<>();
    private final RunningCluster cluster = new RunningCluster(INSTANCES, io -> {
        io.namespace("/").onConnection(sockets::add);
        io.namespace("/other");
    });

    @BeforeEach
    void connect() throws InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = cluster.at(i % INSTANCES).client("/", Map.of(), i % 2 == 0 ? "polling" : "websocket");
            news.add(new Received(client, "news"));
            marks.add(new Received(client, "mark"));
            client.connect();
            clients.add(client);
            dev.tutti.socket.Socket end = sockets.take();
            end.join(i < CLIENTS / 2 ? "low" : "high");
            end.join(i % 2 == 0 ? "even" : "odd");
            ends.add(end);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aMessageToEverybodyReachesEverybodyOnce() {
        cluster.namespace(0).emit("news", 1);

        assertReached(0, 1, 2, 3, 4, 5);
    }

    @Test
    void aMessageToARoomReachesItsMembersAtAllInstances() {
        cluster.namespace(2).to("low").emit("news", 1);

        assertReached(0, 1, 2);
    }

    @Test
    void aMessageToSeveralRoomsReachesEachMemberOnce() {
        cluster.namespace(1).to("low").to("even").emit("news", 1);

        assertReached(0, 1, 2, 4);
    }

    @Test
    void exceptionsAreLeftOutAtAllInstances() {
        cluster.namespace(0).to("low").except("odd").emit("news", 1);

        assertReached(0, 2);
    }

    @Test
    void aSocketsMessageToItsRoomDoesNotReachItself() {
        ends.get(2).to("even").emit("news", 1);

        assertReached(0, 4);
    }

    @Test
    void aBroadcastReachesEverybodyButTheSender() {
        ends.get(3).broadcast().emit("news", 1);

        assertReached(0, 1, 2, 4, 5);
    }

    @Test
    void aSocketIsReachedByItsIdFromAnyInstance() {
        for (int i = 0; i < INSTANCES; i++) {
            cluster.namespace(i).to(ends.get(4).id()).emit("news", i);
        }

        assertThat(List.of(next(4), next(4), next(4))).containsExactlyInAnyOrder(0, 1, 2);
        assertReached();
    }

    @Test
    void aSocketsIdMayStandBesideRoomsAndExceptions() {
        cluster.namespace(0)
                .to(ends.get(5).id())
                .to("low")
                .except(ends.get(1).id())
                .emit("news", 1);

        assertReached(0, 2, 5);
    }

    @Test
    void whoHasLeftARoomIsNotReachedThereAndAnInstanceMayHearOfItAgain() {
        ends.get(0).leave("low");
        cluster.namespace(1).to("low").emit("news", 1);
        assertReached(1, 2);

        ends.get(0).join("low");
        cluster.namespace(1).to("low").emit("news", 2);
        assertThat(next(0)).isEqualTo(2);
    }

    @Test
    void onlyInstancesWithMembersHearWhatIsForARoom() {
        ends.get(1).join("den");
        cluster.namespace(0).to("den").except(ends.get(0).id()).emit("news", 1);
        cluster.namespace(0).to("empty").emit("news", 1);
        assertReached(1);

        assertThat(cluster.bus(1).received).containsOnlyOnce("socketio//,den");
        assertThat(cluster.bus(2).received).noneMatch(topic -> topic.contains("den") || topic.contains("empty"));
        ends.get(1).leave("den");
        assertThat(cluster.bus(1).topics).doesNotContain("socketio//,den");
    }

    @Test
    void whatIsForOneSocketGoesToItsInstanceAlone() {
        int before = cluster.bus(2).received.size();
        for (int i = 0; i < 100; i++) {
            cluster.namespace(0).to(ends.get(1).id()).emit("news", i);
            cluster.namespace(0).to(ends.get(3).id()).emit("news", i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(next(1)).isEqualTo(i);
            assertThat(next(3)).isEqualTo(i);
        }

        assertThat(cluster.bus(2).received.stream().skip(before).filter(topic -> topic.startsWith("socketio/")))
                .allMatch(topic -> topic.startsWith("socketio/@"))
                .hasSizeLessThan(50); // hellos at most
        assertThat(cluster.bus(1).topics)
                .noneMatch(topic -> topic.contains(ends.get(1).id()));
    }

    @Test
    void anotherNamespaceIsAnotherWorld() {
        cluster.at(0).server.namespace("/other").emit("news", 1);
        cluster.at(1).server.namespace("/other").to("low").emit("news", 1);

        assertReached();
    }

    @Test
    void bytesAndEphemeralMessagesArriveToo() {
        cluster.namespace(0).to("even").ephemeral().emit("news", new byte[] {1, 2}, Map.of("deep", new byte[] {3}));

        for (int i = 0; i < CLIENTS; i += 2) {
            assertThat(news.get(i).next()[0]).isEqualTo(new byte[] {1, 2});
        }
    }

    @Test
    void messagesOfOneInstanceToOneRoomArriveInOrder() {
        for (int i = 0; i < 500; i++) {
            cluster.namespace(0).to("high").emit("news", i);
        }

        for (int i = 0; i < 500; i++) {
            assertThat(next(5)).isEqualTo(i);
        }
    }

    @Test
    void aMessageThatIsTooLargeForTheBusReachesNobody() {
        assertThatThrownBy(() -> cluster.namespace(0).emit("news", "x".repeat(17 * 1024 * 1024)))
                .isInstanceOfSatisfying(
                        TuttiException.class, large -> assertThat(large.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertReached();
    }

    @Test
    void acknowledgementsAreGatheredFromAllInstances() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.get(i).on("ask", data -> ((Ack) data[1]).call(number, data[0]));
        }

        Answers answers = cluster.namespace(1).call(LONG, "ask", new byte[] {7}).get(30, TimeUnit.SECONDS);

        assertThat(answers.complete()).isTrue();
        assertThat(answers.answers())
                .hasSize(CLIENTS)
                .allSatisfy(each -> assertThat(each.get(1)).isEqualTo(new byte[] {7}));
        assertThat(answers.answers().stream().map(List::getFirst)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    @Test
    void whoDoesNotAnswerIsWaitedForUntilTheTimeIsUpAndMissed() throws Exception {
        for (int i = 0; i < CLIENTS - 1; i++) {
            clients.get(i).on("ask", data -> ((Ack) data[0]).call("here"));
        }

        Answers all = cluster.namespace(0).call(Duration.ofMillis(500), "ask").get(30, TimeUnit.SECONDS);
        Answers low = cluster.namespace(0).to("low").call(LONG, "ask").get(30, TimeUnit.SECONDS);
        Answers one =
                cluster.namespace(0).to(ends.get(1).id()).call(LONG, "ask").get(30, TimeUnit.SECONDS);
        Answers nobody = cluster.namespace(0).to("nowhere").call(LONG, "ask").get(30, TimeUnit.SECONDS);

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

        Answers answers =
                cluster.namespace(0).to(ends.get(4).id()).call(LONG, "ask").get(20, TimeUnit.SECONDS);

        assertThat(answers).isEqualTo(new Answers(List.of(), false));
    }

    @Test
    void anInstanceThatDiesInTheMiddleOfACallIsNotWaitedFor() throws Exception {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        clients.get(1).on("ask", _ -> asked.complete(true)); // and never answers
        clients.get(0).on("ask", data -> ((Ack) data[0]).call("here"));

        CompletableFuture<Answers> call =
                cluster.namespace(0).except(ends.get(2).id()).to("low").call(Duration.ofMinutes(10), "ask");
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
        for (int i = 0; i < Requests.MOST; i++) {
            var _ = cluster.namespace(0).to("low").call(LONG, "nobody answers this");
        }

        assertThat(cluster.namespace(0).to("low").call(LONG, "one more"))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        TuttiException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        clients.forEach(Socket::disconnect);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(cluster.namespace(0)
                                .call(Duration.ofSeconds(5), "again")
                                .get()
                                .complete())
                        .isTrue());
    }

    @Test
    void aCallHasATimeThatIsBounded() {
        assertThatThrownBy(() -> cluster.namespace(0).call(Duration.ofHours(2), "ask"))
                .hasMessageContaining("PT2H")
                .hasMessageContaining("PT1H");
        assertThatThrownBy(() -> cluster.namespace(0).serverCall(Duration.ZERO, "ask"))
                .hasMessageContaining("PT0S");
    }

    @Test
    void socketsAreFoundWithWhatIsKnownOfThem() throws Exception {
        Instant until = Instant.now().plusSeconds(3_600);
        ends.get(1).authenticated(new Principal("ada", "s1", until));
        ends.get(1).attributes().put("color", Map.of("r", 1));
        ends.get(1).attributes().put("bytes", new byte[] {1});
        ends.get(1).attributes().put("not for others", new Object());
        ends.get(1).attributes().put("nor this", List.of(List.of(new Object())));

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
            assertThat(ada.attributes()).containsOnlyKeys("color", "bytes").containsEntry("color", Map.of("r", 1));
        });
        assertThat(all)
                .filteredOn(socket -> socket.id().equals(ends.get(2).id()))
                .singleElement()
                .satisfies(anonymous ->
                        assertThat(anonymous.principal()).isEqualTo(ends.get(2).principal()));
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

        cluster.namespace(0).serverEmit("told", "x", new byte[] {1});
        Answers answers = cluster.namespace(0).serverCall(LONG, "asked", 5).get(20, TimeUnit.SECONDS);
        Answers some = cluster.namespace(0)
                .serverCall(Duration.ofMillis(500), "silent for some")
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

    private Object next(int client) {
        return news.get(client).next()[0];
    }

    private List<String> ids(int... numbers) {
        return Arrays.stream(numbers).mapToObj(i -> ends.get(i).id()).toList();
    }

    /** What was sent reached the given ones once and nobody else: marks from everywhere, on every way, come after it. */
    private void assertReached(int... expected) {
        List<Integer> reached = Arrays.stream(expected).boxed().toList();
        for (int i = 0; i < INSTANCES; i++) {
            cluster.namespace(i).emit("mark");
            for (dev.tutti.socket.Socket end : ends) {
                cluster.namespace(i).to(end.id()).emit("mark");
            }
        }
        for (int i = 0; i < CLIENTS; i++) {
            for (int mark = 0; mark < 2 * INSTANCES; mark++) {
                marks.get(i).next();
            }
            assertThat(news.get(i).size())
                    .as("messages that client %d received", i)
                    .isEqualTo(reached.contains(i) ? 1 : 0);
        }
        reached.forEach(i -> news.get(i).next());
    }
}
