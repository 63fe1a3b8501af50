package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Socket;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified client behind a balancer that sends each of its connections to another instance. */
class BalancerTest {
    private static final int INSTANCES = 3;
    private static final int CLIENTS = 6;
    private static final int MESSAGES = 50;

    private final SocketCluster cluster = new SocketCluster(
            INSTANCES,
            io -> io.namespace("/").onConnection(socket -> {
                socket.join("all");
                socket.on("say", message -> {
                    socket.to("all").emit("said", message.arguments().toArray());
                    message.reply("heard");
                });
            }));
    private final RoundRobin balancer = balance(cluster);
    private final List<OfficialSocket> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(OfficialSocket::close);
        balancer.close();
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void everybodyHearsEverybodyInOrder(String transports) throws Exception {
        List<ReceivedEvents> said = new ArrayList<>();
        List<ReceivedEvents> disconnects = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            OfficialSocket client = OfficialSocket.at(balancer.uri())
                    .transports(transports.split(","))
                    .build();
            clients.add(client);
            said.add(client.received("said"));
            disconnects.add(client.received(Socket.EVENT_DISCONNECT));
            client.connect();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> members() == CLIENTS);

        for (int message = 0; message < MESSAGES; message++) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.get(i).emit("say", i, message, new byte[] {(byte) message});
            }
        }

        for (int i = 0; i < CLIENTS; i++) {
            int[] next = new int[CLIENTS];
            for (int n = 0; n < MESSAGES * (CLIENTS - 1); n++) {
                Object[] heard = said.get(i).next();
                int sender = (Integer) heard[0];
                assertThat(heard[1]).as("from %d to %d", sender, i).isEqualTo(next[sender]++);
                assertThat((byte[]) heard[2]).containsExactly(((Integer) heard[1]).byteValue());
            }
            int self = i;
            assertThat(IntStream.range(0, CLIENTS)
                            .filter(other -> other != self)
                            .map(other -> next[other]))
                    .containsOnly(MESSAGES);
            assertThat(next[self]).isZero();
            assertThat(SocketIoTest.ask(clients.get(i).library(), "say", i, MESSAGES)[0])
                    .isEqualTo("heard");
        }
        assertThat(disconnects).allSatisfy(each -> assertThat(each.size()).isZero());
        assertThat(members()).isEqualTo(CLIENTS);
    }

    private int members() {
        return IntStream.range(0, INSTANCES)
                .map(i -> cluster.namespace(i).sockets().size())
                .sum();
    }

    private static RoundRobin balance(SocketCluster cluster) {
        try {
            return new RoundRobin(cluster, INSTANCES);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
