package dev.tutti.edge.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets what: eight clients on several event loops, even ones polling, in rooms by their number. */
class RoomsTest {
    private static final int CLIENTS = 8;

    private final BlockingQueue<dev.tutti.socket.Socket> sockets = new LinkedBlockingQueue<>();
    private final List<Socket> clients = new ArrayList<>();
    private final List<dev.tutti.socket.Socket> ends = new ArrayList<>();
    private final List<Received> news = new ArrayList<>();
    private final List<Received> marks = new ArrayList<>();
    private RunningServer server = new RunningServer(io -> io.namespace("/").onConnection(sockets::add));

    @BeforeEach
    void connect() throws InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            Socket client = server.client("/", Map.of(), i % 2 == 0 ? "polling" : "websocket");
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
        server.close();
    }

    @Test
    void aMessageToARoomReachesItsMembersOnce() {
        server.namespace().to("low").emit("news", 1);

        assertReached(0, 1, 2, 3);
    }

    @Test
    void aMessageToSeveralRoomsReachesEachMemberOnce() {
        server.namespace().to("low").to("even").emit("news", 1);

        assertReached(0, 1, 2, 3, 4, 6);
    }

    @Test
    void exceptionsAreLeftOut() {
        server.namespace().to("low").except("odd").emit("news", 1);

        assertReached(0, 2);
    }

    @Test
    void aMessageToEverybodyReachesEverybody() {
        server.namespace().emit("news", 1);

        assertReached(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void aBroadcastReachesEverybodyButTheSender() {
        ends.get(3).broadcast().emit("news", 1);

        assertReached(0, 1, 2, 4, 5, 6, 7);
    }

    @Test
    void aSocketsMessageToItsRoomDoesNotReachItself() {
        ends.get(5).to("odd").emit("news", 1);

        assertReached(1, 3, 7);
    }

    @Test
    void aSocketsIdIsARoomOfItsOwn() {
        assertThat(ends.get(2).rooms()).containsExactlyInAnyOrder(ends.get(2).id(), "low", "even");

        server.namespace()
                .to(ends.get(2).id())
                .to("high")
                .except(ends.get(4).id())
                .emit("news", 1);

        assertReached(2, 5, 6, 7);
    }

    @Test
    void whoHasLeftARoomIsNotReachedThere() {
        ends.get(0).leave("low");
        ends.get(1).leave("low");
        ends.get(1).join("low");

        server.namespace().to("low").emit("news", 1);

        assertReached(1, 2, 3);
    }

    @Test
    void aRoomIsGoneWithItsLastMember() {
        List<Received> gone = clients.subList(CLIENTS / 2, CLIENTS).stream()
                .map(client -> new Received(client, Socket.EVENT_DISCONNECT))
                .toList();

        server.namespace().to("high").disconnect();
        gone.forEach(Received::next);

        assertThat(server.namespace().sockets()).hasSize(CLIENTS / 2);
        assertThat(((ServerNamespace) server.namespace()).rooms().size()).isEqualTo(3);
        server.namespace().to("high").emit("news", 1);
        server.namespace().to("even").emit("news", 2);
        assertReached(0, 2);
    }

    @Test
    void messagesOfOneSenderArriveInOrderWhateverTheirTarget() {
        for (int i = 0; i < 100; i++) {
            switch (i % 4) {
                case 0 -> server.namespace().emit("news", i);
                case 1 -> server.namespace().to("low").emit("news", i);
                case 2 -> server.namespace().to("even").to("low").ephemeral().emit("news", i);
                default -> ends.getFirst().emit("news", i);
            }
        }

        for (int i = 0; i < 100; i++) {
            assertThat(news.getFirst().next()[0]).isEqualTo(i);
        }
    }

    @Test
    void bytesAreSharedByAllMembers() {
        server.namespace().emit("news", Map.of("bytes", new byte[] {1, 2, 3}));

        for (Received each : news) {
            assertThat(each.next()[0]).asString().contains("bytes");
        }
    }

    @Test
    void aSocketIsInSoManyRoomsAndNoMore() {
        for (int i = 0; i < 998; i++) {
            ends.getFirst().join("room " + i);
        }

        assertThatThrownBy(() -> ends.getFirst().join("one more"))
                .isInstanceOfSatisfying(
                        TuttiException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
    }

    /** What was sent reached the given ones once and nobody else: a mark that is sent to all comes after it. */
    private void assertReached(int... expected) {
        server.namespace().emit("mark");
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            if (!clients.get(i).connected()) {
                continue;
            }
            marks.get(i).next();
            assertThat(news.get(i).size())
                    .as("messages that client %d received", client)
                    .isEqualTo(
                            List.of(java.util.Arrays.stream(expected).boxed().toArray())
                                            .contains(client)
                                    ? 1
                                    : 0);
        }
    }
}
