package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which sockets a message reaches over three instances. */
class SocketClusterTest extends ManyClients {
    private static final int INSTANCES = 3;
    private static final int CLIENTS = 6;

    SocketClusterTest() {
        super(INSTANCES, CLIENTS);
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
        await().until(() -> !cluster.bus(1).topics.contains("socketio//,den"));
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
    void whatIsForSomeSocketsOfOneInstanceGoesToThatInstanceAlone() {
        int before = cluster.bus(2).received.size();
        for (int i = 0; i < 100; i++) {
            cluster.namespace(0).to(ends.get(0).id()).to(ends.get(3).id()).emit("news", i);
            cluster.namespace(0).to(ends.get(1).id()).to(ends.get(4).id()).emit("news", i);
        }
        for (int i = 0; i < 100; i++) {
            assertThat(List.of(next(0), next(1), next(3), next(4))).containsOnly(i);
        }

        assertThat(cluster.bus(2).received.stream().skip(before).filter(topic -> topic.startsWith("socketio/")))
                .allMatch(topic -> topic.startsWith("socketio/@"))
                .hasSizeLessThan(50); // hellos at most
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
}
