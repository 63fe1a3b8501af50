package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients whose connection breaks, at three instances. */
class SocketRecoveryTest extends ReturningClients {
    @Test
    void aClientComesBackAtAnotherInstanceAsWhoItWasWithWhatItMissed() throws Exception {
        Returning client = client(0);
        Socket first = taken();
        first.join("lobby");
        first.data().put("name", "Ann");
        cluster.namespace(1).to("lobby").emit("news", 1);
        assertThat(client.next()).containsExactly("news", 1);
        String sid = client.sid();
        String secret = client.secret();

        client.close();
        cluster.namespace(1).to("lobby").emit("news", 2, "two");
        cluster.namespace(2).to("elsewhere").emit("news", 3);
        cluster.namespace(2).emit("news", 4, new byte[0].length);
        client.connect(cluster.at(2));
        Socket again = taken();
        cluster.namespace(1).to(sid).emit("news", 5);

        assertThat(client.sid()).isEqualTo(sid);
        assertThat(client.secret()).isEqualTo(secret);
        assertThat(client.next()).containsExactly("news", 2, "two");
        assertThat(client.next()).containsExactly("news", 4, 0);
        assertThat(client.next()).containsExactly("news", 5);
        assertThat(first.recovered()).isFalse();
        assertThat(again.recovered()).isTrue();
        assertThat(again.id()).isEqualTo(sid);
        assertThat(again.rooms()).containsExactlyInAnyOrder(sid, "lobby");
        assertThat(again.data()).containsEntry("name", "Ann");
    }

    @Test
    void whoseInstanceDiesComesBackElsewhere() throws Exception {
        Returning client = client(0);
        taken().join("lobby");
        cluster.kill(0);
        cluster.namespace(1).to("lobby").emit("news", 1);
        String sid = client.sid();
        client.connect(cluster.at(1));

        assertThat(taken().recovered()).isTrue();
        assertThat(client.sid()).isEqualTo(sid);
        assertThat(client.next()).containsExactly("news", 1);
    }

    @Test
    void binaryMessagesAreGivenAgainToo() throws Exception {
        Returning client = client(0);
        Socket socket = taken();
        client.close();
        gone(0);
        cluster.namespace(1).to(socket.id()).emit("news", (Object) new byte[] {1, 2});
        client.connect(cluster.at(1));

        assertThat(taken().recovered()).isTrue();
        assertThat(client.frame()).startsWith("451-[\"news\",{\"_placeholder\":true,\"num\":0},\"offset:");
    }

    @Test
    void nothingIsGivenOfRoomsThatOneWasNotInAtThatTime() throws Exception {
        Returning client = client(0);
        Socket socket = taken();
        Namespace namespace = cluster.namespace(0);
        namespace.to("late").emit("news", 1);
        namespace.to("left").emit("news", 2);
        socket.join("left");
        socket.join("late");
        socket.leave("left");
        client.close();
        gone(0);
        namespace.to("left").emit("news", 3);
        namespace.to("late").except("late").emit("news", 4);
        namespace.to("late").except(socket.id()).emit("news", 5);
        namespace.to("left").to("late").emit("news", 6);
        client.connect(cluster.at(1));

        assertThat(client.next()).containsExactly("news", 6);
    }

    @Test
    void whatTheChecksDoToAClientThatComesBackIsKeptToo() throws Exception {
        Returning client = client(0);
        taken();
        client.close();
        check = socket -> {
            socket.join("checked");
            socket.data().put("checked", true);
        };
        client.connect(cluster.at(1));
        assertThat(taken().recovered()).isTrue();
        client.close();
        check = _ -> {};
        gone(1);
        cluster.namespace(0).to("checked").emit("news", 1);
        client.connect(cluster.at(2));

        Socket again = taken();
        assertThat(again.rooms()).contains("checked");
        assertThat(again.data()).containsEntry("checked", true);
        assertThat(client.next()).containsExactly("news", 1);
    }

    @Test
    void whatWasSentToARoomBeforeOneLeftItIsGiven() throws Exception {
        Returning client = client(0);
        Socket socket = taken();
        socket.join("left");
        cluster.namespace(1).to("left").emit("news", 1);
        long sent = passed(1);
        await().until(() -> passed(0) >= sent);
        socket.leave("left");
        cluster.namespace(1).to("left").emit("news", 2);
        client.close();
        gone(0);
        cluster.namespace(1).emit("news", 3);

        client.connect(cluster.at(2)); // of what was sent it has read nothing

        assertThat(taken().recovered()).isTrue();
        assertThat(client.next()).containsExactly("news", 1);
        assertThat(client.next()).containsExactly("news", 3);
    }

    @Tag("slow")
    @Test
    void whoLeftMoreRoomsThanAreKeptIsANewSocketUnlessItHasReadOn() throws Exception {
        Returning client = client(0);
        Socket socket = taken();
        for (int i = 0; i < 40; i++) {
            long before = passed(0);
            socket.join("room" + i);
            cluster.namespace(0).emit("news", i);
            await().until(() -> passed(0) > before);
            socket.leave("room" + i);
        }
        client.close();
        gone(0);

        client.connect(cluster.at(2));

        assertThat(taken().recovered()).isFalse();
    }

    @Test
    void aClientThatBreaksOffWhileItComesBackMayComeAgain() throws Exception {
        Returning client = client(0);
        taken().join("lobby");
        client.close();
        gone(0);
        cluster.namespace(0).to("lobby").emit("news", 1);
        CompletableFuture<Thread> admitting = new CompletableFuture<>();
        try (EngineClient breaking = new EngineClient(cluster.at(1))) {
            check = _ -> {
                breaking.abandon();
                await().until(() -> cluster.at(1).edge.connections() == 0);
                admitting.complete(Thread.currentThread());
            };
            EngineClient.Frames connection = breaking.webSocket("EIO=4&transport=websocket");
            connection.next();
            connection.send("40{\"pid\":\"" + client.secret() + "\"}");
            Thread admitted = admitting.get(20, TimeUnit.SECONDS);
            await().until(() -> !admitted.isAlive());
        }
        check = _ -> {};

        client.connect(cluster.at(2));

        assertThat(taken().recovered()).isTrue();
        assertThat(client.next()).containsExactly("news", 1);
    }

    @Test
    void whoGotNothingYetComesBackToo() throws Exception {
        cluster.namespace(0).emit("news", 1);
        Returning client = client(0);
        taken();
        client.close();
        gone(0);
        cluster.namespace(0).emit("news", 2);
        client.connect(cluster.at(0));

        assertThat(taken().recovered()).isTrue();
        assertThat(client.next()).containsExactly("news", 2);
    }

    @Test
    void aBrokenConnectionThatNobodyNoticedIsEnded() throws Exception {
        Returning client = client(0);
        Socket old = taken();
        List<String> ends = new CopyOnWriteArrayList<>();
        old.onDisconnect(reason -> ends.add(reason.name()));
        client.connect(cluster.at(1)); // the first connection stays open

        assertThat(taken().recovered()).isTrue();
        await().until(() -> !ends.isEmpty());
        assertThat(ends).containsExactly("SERVER");
        assertThat(cluster.namespace(1).sockets()).hasSize(1);
    }

    @Test
    void whatMayBeDroppedForSocketsThatAreHereStaysHere() throws Exception {
        Returning here = client(0);
        Socket one = taken();
        client(0);
        Socket two = taken();
        Returning elsewhere = client(1);
        cluster.bus(1).received.clear();

        cluster.namespace(0).ephemeral().to(one.id()).to(two.id()).emit("news", 1);
        cluster.namespace(0).ephemeral().emit("news", 2);

        assertThat(here.next()).containsExactly("news", 1);
        assertThat(elsewhere.next()).containsExactly("news", 2);
        assertThat(cluster.bus(1).received).containsOnlyOnce("socketio//");
    }

    @Test
    void theEndOfAFormerConnectionThatIsHeardLateDoesNotEndTheOneThatIsThere() throws Exception {
        Returning client = client(0);
        Socket first = taken();
        List<String> ends = new CopyOnWriteArrayList<>();
        first.onDisconnect(reason -> ends.add(reason.name()));
        cluster.bus(2).hold("socketio//");
        client.connect(cluster.at(1)); // the first connection stays open; instance 1 tells the others that it has ended
        assertThat(taken().recovered()).isTrue();
        client.connect(cluster.at(2));
        Socket third = taken();
        assertThat(third.recovered()).isTrue();
        await().until(() -> !ends.isEmpty() && cluster.bus(2).waiting() > 0);

        cluster.bus(2).release();
        cluster.namespace(1).ephemeral().to(third.id()).emit("news", 1);

        assertThat(client.next()).containsExactly("news", 1);
        assertThat(cluster.namespace(2).sockets()).containsExactly(third);
    }

    @Test
    void whoComesBackToTheSameInstanceTakesThePlaceOfTheBrokenConnection() throws Exception {
        Returning client = client(0);
        Socket old = taken();
        List<String> ends = new CopyOnWriteArrayList<>();
        old.onDisconnect(reason -> ends.add(reason.name()));
        client.connect(cluster.at(0)); // the first connection stays open
        Socket again = taken();
        await().until(() -> !ends.isEmpty());

        assertThat(cluster.namespace(0).sockets()).containsExactly(again);
        cluster.namespace(1).ephemeral().to(again.id()).emit("news", 1);
        assertThat(client.next()).containsExactly("news", 1);
    }

    @Test
    void whoIsSomebodyElseIsANewSocket() throws Exception {
        Returning client = client(0);
        taken().join("lobby");
        client.close();
        person = "bob";
        assertNew(client, 0);
    }

    @Test
    void whoSaidGoodbyeIsANewSocket() throws Exception {
        Returning client = client(0);
        taken();
        client.send("41");
        gone(0);
        assertForgotten(client, _ -> client.send("41"));
    }

    @Test
    void whoWasSentAwayIsANewSocket() throws Exception {
        Returning client = client(0);
        taken().disconnect();
        gone(0);
        assertForgotten(client, Socket::disconnect);
    }

    /** How a connection is ended for good. */
    private interface Goodbye {
        void to(Socket socket) throws IOException;
    }

    /** It is forgotten soon, not at once: a client that came back before that is ended in the same way. */
    private void assertForgotten(Returning client, Goodbye goodbye) {
        String sid = client.sid();
        await().untilAsserted(() -> {
            client.connect(cluster.at(1));
            Socket socket = taken();
            if (client.sid().equals(sid)) {
                goodbye.to(socket);
                gone(1);
            }
            assertThat(client.sid()).isNotEqualTo(sid);
        });
    }

    @Test
    void whatCannotBeAnOffsetIsNone() throws Exception {
        Returning client = client(0);
        taken().join("lobby");
        for (String wrong : List.of("offset:99999999999999999999", "offset:", "offset:-1", "text", "")) {
            client.close();
            client.claim(wrong);
            assertNew(client, 1);
        }
    }

    @Test
    void aMadeUpSecretIsNone() throws Exception {
        RawSocket raw = new RawSocket(cluster.at(0));
        raw.upgrade("EIO=4&transport=websocket");
        raw.frame();
        raw.text("40{\"pid\":\"" + "x".repeat(10_000) + "\",\"offset\":\"offset:0\"}");
        assertThat(raw.frame()).startsWith("40{");
        assertThat(taken().recovered()).isFalse();
        raw.close();
    }

    private void assertNew(Returning client, int instance) throws Exception {
        String sid = client.sid();
        client.connect(cluster.at(instance));
        Socket socket = taken();
        assertThat(socket.recovered()).isFalse();
        assertThat(socket.rooms()).containsExactly(socket.id());
        assertThat(client.sid()).isNotEqualTo(sid);
    }

    @Test
    void whatOthersDoWithItsRoomsIsKept() throws Exception {
        Returning client = client(0);
        Socket socket = taken();
        Emitter at = cluster.namespace(1).to(socket.id());
        at.join("one");
        at.join("two");
        at.leave("one");
        await().until(() -> socket.rooms().equals(Set.of(socket.id(), "two")));
        client.close();
        client.connect(cluster.at(2));

        assertThat(taken().rooms()).containsExactlyInAnyOrder(socket.id(), "two");
    }

    @Test
    void whoGetsNothingForLongIsToldHowFarItIs() throws Exception {
        Returning client = client(0);
        taken();
        for (int i = 0; i < 1_000; i++) {
            cluster.namespace(0).to("elsewhere").emit("news", i);
        }
        assertThat(client.next()).containsExactly("offset");
        assertThat(client.offset()).isEqualTo("offset:1000");
    }

    @Test
    void whatIsNotGivenAgainDoesNotTakeTheOffsetAway() throws Exception {
        Returning client = client(0);
        Socket socket = taken();
        cluster.namespace(0).emit("news", 1);
        client.next();
        String offset = client.offset();
        cluster.namespace(1).ephemeral().emit("typing", "ann");

        assertThat(client.next()).containsExactly("typing", "ann");
        assertThat(client.offset()).isEqualTo(offset);
        socket.emitEphemeral("typing", "bob");
        assertThat(client.next()).containsExactly("typing", "bob");
        assertThat(client.offset()).isEqualTo(offset);
    }

    @Test
    void aMessageThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> cluster.namespace(0).emit("news", "x".repeat(300_000)))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE));
    }
}
