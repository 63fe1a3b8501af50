package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets what: eight clients on several event loops, even ones polling, in rooms by their number. */
class RoomsTest extends ManyClients {
    private static final int CLIENTS = 8;

    RoomsTest() {
        super(1, CLIENTS);
    }

    @Test
    void aMessageToARoomReachesItsMembersOnce() {
        cluster.namespace(0).to("low").emit("news", 1);

        assertReached(0, 1, 2, 3);
    }

    @Test
    void aMessageToSeveralRoomsReachesEachMemberOnce() {
        cluster.namespace(0).to("low").to("even").emit("news", 1);

        assertReached(0, 1, 2, 3, 4, 6);
    }

    @Test
    void exceptionsAreLeftOut() {
        cluster.namespace(0).to("low").except("odd").emit("news", 1);

        assertReached(0, 2);
    }

    @Test
    void aMessageToEverybodyReachesEverybody() {
        cluster.namespace(0).emit("news", 1);

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

        cluster.namespace(0)
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

        cluster.namespace(0).to("low").emit("news", 1);

        assertReached(1, 2, 3);
    }

    @Test
    void aRoomIsGoneWithItsLastMember() {
        List<ReceivedEvents> gone = clients.subList(CLIENTS / 2, CLIENTS).stream()
                .map(client -> new ReceivedEvents(client, Socket.EVENT_DISCONNECT))
                .toList();

        cluster.namespace(0).to("high").disconnect();
        gone.forEach(ReceivedEvents::next);

        assertThat(cluster.namespace(0).sockets()).hasSize(CLIENTS / 2);
        assertThat(((ServerNamespace) cluster.namespace(0)).rooms().size()).isEqualTo(3);
        cluster.namespace(0).to("high").emit("news", 1);
        cluster.namespace(0).to("even").emit("news", 2);
        assertReached(0, 2);
    }

    @Test
    void messagesOfOneSenderArriveInOrderWhateverTheirTarget() {
        for (int i = 0; i < 100; i++) {
            switch (i % 4) {
                case 0 -> cluster.namespace(0).emit("news", i);
                case 1 -> cluster.namespace(0).to("low").emit("news", i);
                case 2 -> cluster.namespace(0).to("even").to("low").ephemeral().emit("news", i);
                default -> ends.getFirst().emit("news", i);
            }
        }

        for (int i = 0; i < 100; i++) {
            assertThat(news.getFirst().next()[0]).isEqualTo(i);
        }
    }

    @Test
    void bytesAreSharedByAllMembers() {
        cluster.namespace(0).emit("news", Map.of("bytes", new byte[] {1, 2, 3}));

        for (ReceivedEvents each : news) {
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
}
