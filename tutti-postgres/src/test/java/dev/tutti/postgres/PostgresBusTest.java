package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.tck.BusContract;
import dev.tutti.tck.BusEnd;
import dev.tutti.tck.BusEnds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract, each end with a control connection of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresBusTest implements BusContract {
    private static final int MESSAGES = 1_000;

    private record OpenEnd(ControlConnection control, String sessions) {}

    private final TestDatabase database;
    private final Map<Bus, OpenEnd> ends = new ConcurrentHashMap<>();

    PostgresBusTest() throws SQLException {
        database = TestDatabase.migrated();
    }

    @AfterEach
    void hangUp() {
        ends.values().forEach(end -> end.control().close());
        ends.clear();
    }

    @AfterAll
    void close() throws SQLException {
        database.close();
    }

    @Override
    public Bus open() {
        return open(database.pool());
    }

    private Bus open(PostgresPool pool) {
        String sessions = "tutti " + UUID.randomUUID();
        ControlConnection control = new ControlConnection(database.settings().named(sessions));
        PostgresBus bus = new PostgresBus(pool, control, PostgresBusSettings.DEFAULT);
        ends.put(bus, new OpenEnd(control, sessions));
        return bus;
    }

    private String sessions(BusEnd end) {
        return Objects.requireNonNull(ends.get(end.bus())).sessions();
    }

    @Override
    public void interrupt(Bus end) {
        OpenEnd open = Objects.requireNonNull(ends.get(end));
        await().until(() -> database.value("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where application_name = '" + open.sessions() + "'")
                .equals("1"));
    }

    @Test
    void aFullPoolKeepsNobodyFromSpeakingNorFromHearing() throws SQLException {
        PostgresPoolSettings small = database.settings()
                .withConnections(1, 0)
                .withTimes(Duration.ofSeconds(30), Duration.ofMillis(250), Duration.ofSeconds(30));
        try (PostgresPool busy = new PostgresPool(small);
                Connection _ = busy.getConnection();
                BusEnds ends = new BusEnds(() -> open(busy))) {
            BusEnd from = ends.start();
            BusEnd to = ends.start();
            BusEnds.connect(from, to, "news");
            byte[] large = new byte[3_000_000];
            new Random(1).nextBytes(large);

            from.bus().publish("news", large);
            from.publish("news", "behind it");

            BusEnds.until("both messages", () -> to.heard(new BusEnd.Message("news", "behind it")));
            List<BusEnd.Message> heard = to.messages();
            assertThat(heard.get(heard.size() - 2)).isEqualTo(new BusEnd.Message("news", large));
        }
    }

    @Test
    void messagesArriveOnceAndInOrderThoughTheirSendersConnectionsEndAgainAndAgain() throws SQLException {
        try (PostgresPool pool = new PostgresPool(database.settings().named("ended"));
                BusEnds ends = new BusEnds(() -> open(pool))) {
            BusEnd from = ends.start();
            BusEnd to = ends.start();
            BusEnds.connect(from, to, "news");
            List<BusEnd.Message> sent = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                if (i % 10 == 0) {
                    database.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name in"
                            + " ('ended', '" + sessions(from) + "')");
                }
                from.publish("news", "message " + i);
                sent.add(new BusEnd.Message("news", "message " + i));
            }

            BusEnds.until("the last one", () -> to.heard(sent.getLast()));

            assertThat(to.messages()).filteredOn(sent::contains).isEqualTo(sent);
        }
    }

    @Test
    void whatIsLargeIsForgottenAfterAMinute() throws SQLException {
        database.execute(
                "insert into tutti.bus_payload (at, content) values (clock_timestamp() - interval '2 min', 'old')");
        try (Bus one = open()) {
            one.start(new BusListener() {
                @Override
                public void onMessage(String topic, byte[] payload) {}

                @Override
                public void onGap() {}
            });
            one.publish("large", new byte[10_000]);
            await().untilAsserted(() -> assertThat(
                            database.value("select count(*) from tutti.bus_payload where content = 'old'"))
                    .isEqualTo("0"));
        }
    }
}
