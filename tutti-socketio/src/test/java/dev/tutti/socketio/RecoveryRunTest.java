package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.socket.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Clients that go and come back by chance, between messages to their rooms. */
class RecoveryRunTest extends ReturningClients {
    private long sent;

    /** A client of the random run, and what it is to get. */
    private final class Guest {
        private final Returning client;
        private final Set<String> rooms = new HashSet<>();
        private final List<Object> expected = new ArrayList<>();
        private Socket socket;
        private boolean there = true;

        Guest(Returning client, Socket socket) {
            this.client = client;
            this.socket = socket;
        }

        void goesOrComes(int instance) throws Exception {
            if (there) {
                client.close();
            } else {
                client.connect(cluster.at(instance));
                socket = taken();
                assertThat(socket.recovered()).isTrue();
            }
            there = !there;
        }

        void joins(String room) {
            if (there) {
                await().until(() -> IntStream.range(0, 3).allMatch(i -> passed(i) == sent));
                socket.join(room);
                rooms.add(room);
            }
        }
    }

    /** Everybody gets what was for it, once and in order, wherever it comes back. */
    @Test
    void nobodyMissesAnythingWhateverHappens() throws Exception {
        long seed = Long.getLong("tutti.seed", System.nanoTime());
        System.out.println("-Dtutti.seed=" + seed);
        Random random = new Random(seed);
        List<String> rooms = List.of("red", "green", "blue");
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            guests.add(new Guest(client(i % 3), taken()));
        }
        for (int step = 0; step < 400; step++) {
            Guest guest = guests.get(random.nextInt(guests.size()));
            String room = rooms.get(random.nextInt(rooms.size()));
            int instance = random.nextInt(3);
            switch (random.nextInt(8)) {
                case 0 -> guest.goesOrComes(instance);
                case 1 -> guest.joins(room);
                default -> {
                    cluster.namespace(instance).to(room).emit("news", step);
                    sent++;
                    int message = step;
                    guests.stream()
                            .filter(each -> each.rooms.contains(room))
                            .forEach(each -> each.expected.add(message));
                }
            }
        }
        for (Guest guest : guests) {
            if (!guest.there) {
                guest.goesOrComes(random.nextInt(3));
            }
        }
        cluster.namespace(0).emit("end");
        for (Guest guest : guests) {
            List<Object> got = new ArrayList<>();
            for (List<Object> next = guest.client.next(); !next.contains("end"); next = guest.client.next()) {
                got.add(next.get(1));
            }
            assertThat(got).as("seed %s", seed).isEqualTo(guest.expected);
        }
        await().untilAsserted(() -> assertThat(IntStream.range(0, 3)
                        .map(i -> cluster.namespace(i).sockets().size())
                        .sum())
                .as("sockets, those of broken connections not among them")
                .isEqualTo(clients.size()));
    }
}
