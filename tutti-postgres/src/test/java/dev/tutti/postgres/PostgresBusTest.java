package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.tck.BusContract;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract, each end with a line of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresBusTest implements BusContract {
    private record Line(PostgresLine line, String sessions) {}

    private final TestDatabase database;
    private final Map<Bus, Line> lines = new ConcurrentHashMap<>();

    PostgresBusTest() throws SQLException {
        database = TestDatabase.migrated();
    }

    @AfterEach
    void hangUp() {
        lines.values().forEach(line -> line.line().close());
        lines.clear();
    }

    @AfterAll
    void close() throws SQLException {
        database.close();
    }

    @Override
    public Bus open() {
        String sessions = "tutti " + UUID.randomUUID();
        PostgresLine line = new PostgresLine(database.settings().named(sessions));
        PostgresBus bus = new PostgresBus(database.pool(), line, PostgresBusSettings.DEFAULT);
        lines.put(bus, new Line(line, sessions));
        return bus;
    }

    @Override
    public void interrupt(Bus end) {
        Line line = Objects.requireNonNull(lines.get(end));
        await().until(() -> database.value("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                        + " where application_name = '" + line.sessions() + "'")
                .equals("1"));
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
        }
        assertThat(database.value("select count(*) from tutti.bus_payload where content = 'old'"))
                .isEqualTo("0");
    }
}
