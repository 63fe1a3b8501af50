package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.NodeTag;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests of long-polling that come once more, because the answer to the first was lost: nothing is answered behind a hole. */
class RepeatedRequestsTest extends PolledInstances {
    @Test
    void aPollThatABalancerSendsOnceMoreIsNotAnsweredBehindTheFirst() throws Exception {
        String session = owner.connect();
        loseOnTheWay(session + "&t=one");

        assertThat(owner.get(session + "&t=one").body()).contains(UNKNOWN);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
        assertThat(owner.get(session + "&t=two").body()).contains(UNKNOWN);
    }

    @Tag("slow")
    @Test
    void withoutIdsNoPollIsAnsweredBehindOneWhoseAnswerWasNotWritten() throws Exception {
        String session = owner.connect();
        loseOnTheWay(session);

        assertThat(owner.get(session).body()).contains(UNKNOWN);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    }

    @Test
    void aClientThatGoesWhileItsAnswerIsOnTheWayEndsItsSession() throws Exception {
        String session = owner.connect();
        loseOnTheWay(session);

        other.close();

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    }

    @Test
    void aPostThatComesTwiceTakesEffectOnce() throws Exception {
        String session = owner.connect();
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        sockets.take().on("count", message -> heard.add(message.arguments().getFirst()));
        assertThat(other.post(session + "&t=one", "42[\"count\",1]").body()).isEqualTo("ok");

        assertThat(owner.post(session + "&t=one", "42[\"count\",1]").body()).contains(UNKNOWN);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
        assertThat(heard).hasSize(1);
    }

    @Test
    void requestsOfOneMomentMayShareItsTime() throws Exception {
        long now = System.currentTimeMillis();
        exchange(owner.connect() + "&t=" + now / 1_000);
        exchange(owner.connect() + "&t=" + Long.toString(now, 36));
    }

    private void exchange(String session) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(other.post(session, "42[\"echo\"," + i + "]").body()).isEqualTo("ok");
            assertThat(owner.get(session).body()).isEqualTo("42[\"echo\"," + i + "]");
        }
    }

    @Test
    void aPollThatComesOnceMoreAfterTheEndGetsNoFarewell() throws Exception {
        String session = owner.connect();
        loseOnTheWay(session + "&t=one");
        owner.post(session, "4".repeat(1_100_000));
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.LIMIT);

        assertThat(owner.get(session + "&t=one").body()).contains(UNKNOWN);
    }

    @Test
    void theFarewellWaitsUntilTheAnswerBeforeItWasWritten() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);
        cluster.bus(0).hold(topic(0));
        Socket socket = sockets.take();
        socket.emit("news", 1);
        assertThat(poll.get(30, TimeUnit.SECONDS).body()).isEqualTo("42[\"news\",1]");
        socket.emit("news", 2);
        CompletableFuture<HttpResponse<String>> last = owner.getLater(session);
        owner.post(session, "4".repeat(1_100_000));
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.LIMIT);

        cluster.bus(0).release();

        assertThat(last.get(30, TimeUnit.SECONDS).body()).isEqualTo("42[\"news\",2]\u001e1");
    }

    @Test
    void aClientMayGiveAllItsRequestsTheSameId() throws Exception {
        String session = owner.get("EIO=4&transport=polling&t=x")
                .body()
                .replaceAll(".*\"sid\":\"([^\"]+)\".*", "EIO=4&transport=polling&t=x&sid=$1");
        assertThat(other.post(session, "40").body()).isEqualTo("ok");
        assertThat(owner.get(session).body()).startsWith("40{\"sid\":");
        for (int i = 0; i < 3; i++) {
            assertThat(other.post(session, "42[\"echo\"," + i + "]").body()).isEqualTo("ok");
            assertThat(other.get(session).body()).isEqualTo("42[\"echo\"," + i + "]");
        }
    }

    /** Lets the answer to a poll, which is one message, be lost between the owner and the instance that is polled; another follows. */
    private void loseOnTheWay(String poll) throws InterruptedException {
        var _ = waiting(poll);
        cluster.bus(1).hold(topic(1));
        Socket socket = sockets.take();
        socket.emit("news", 1);
        await().atMost(LONG).until(() -> cluster.bus(1).waiting() == 1);
        socket.emit("news", 2);
    }

    private String topic(int instance) {
        NodeTag tag = NodeTag.of(cluster.at(instance).tutti.members().self().process());
        return "engineio/@" + tag.value();
    }
}
