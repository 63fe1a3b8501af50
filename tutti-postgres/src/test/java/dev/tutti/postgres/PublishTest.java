package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.stream.NotifyingStreamStore;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Events that are appended by SQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private TestDatabase database;
    private ControlConnection control;
    private PostgresStreamStore store;

    @BeforeAll
    void open() throws SQLException {
        database = TestDatabase.migrated();
        control = new ControlConnection(database.settings());
        store = new PostgresStreamStore(
                database.pool(), RetentionPolicy.of(Retention.of(Duration.ofDays(7))), Duration.ofSeconds(30), control);
        store.retain();
        NotifyingStreamStore notifying = store;
        notifying.onAppended((stream, head) -> heard.add(stream + " " + head));
        await().atMost(PATIENCE).until(() -> {
            database.value("select tutti.publish('room:first', 'said', '1')");
            return !heard.isEmpty(); // it listens
        });
    }

    @AfterAll
    void close() throws SQLException {
        control.close();
        database.close();
    }

    @Test
    void thoseWhoListenAreTold() throws Exception {
        database.execute("notify tutti_published, 'what nobody understands'");
        database.value("select tutti.publish('room:told', 'said', '{\"text\": \"hi\"}')");

        await().atMost(PATIENCE).until(() -> heard.contains("room:told 1"));
    }

    @Test
    void aRepeatIsTheSameEvent() throws Exception {
        assertThat(database.value("select tutti.publish('room:once', 'paid', '1', 'order-7')"))
                .isEqualTo("1");
        assertThat(database.value("select tutti.publish('room:once', 'paid', '1', 'order-7')"))
                .isEqualTo("1");
        assertThat(database.value("select tutti.publish('room:once', 'paid', '1', 'order-8')"))
                .isEqualTo("2");
    }

    @Test
    void withoutAChatAConversationIsAStreamAsAnyOther() throws Exception {
        assertThat(database.value("select tutti.publish('conversation:1', 'said', '1')"))
                .isEqualTo("1");
    }

    @Test
    void whatWasPublishedIsReadAsAnyEvent() throws Exception {
        database.value(
                "select tutti.publish('room:read', 'said', '{\"text\": \"Grüße\", \"n\": 12345678901234567890}', 'k')");

        ReadResult read = store.read(StreamName.of("room", "read"), new Range.After(0), 10);

        assertThat(read)
                .isInstanceOfSatisfying(
                        ReadResult.Page.class,
                        page -> assertThat(page.events()).singleElement().satisfies(event -> {
                            assertThat(event.type()).isEqualTo("said");
                            assertThat(event.key()).isEqualTo("k");
                            assertThat(event.data().toString()).contains("Grüße", "12345678901234567890");
                        }));
    }
}
