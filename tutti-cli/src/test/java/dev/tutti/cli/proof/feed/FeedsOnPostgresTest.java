package dev.tutti.cli.proof.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.core.feed.FeedSettings;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedSubscription;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.stream.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Feeds of two instances that have nothing in common but one PostgreSQL, which other programs use as well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedsOnPostgresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private EmbeddedDatabase postgres;
    private Tutti one;
    private Tutti two;

    @BeforeAll
    void start(@TempDir Path directory) {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        one = instance(new SimpleMeterRegistry());
        two = instance(meters);
    }

    private Tutti instance(SimpleMeterRegistry registry) {
        return Tutti.on(PostgresBackend.open(postgres.url()))
                .feeds(new FeedSettings(Set.of("cursor"), 1 << 20))
                .meters(registry)
                .start();
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        postgres.close();
    }

    private Connection connected() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connected();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FeedKey newKey() {
        return FeedKey.of("score", UUID.randomUUID().toString());
    }

    private static FeedState state(FeedKey key, long version, String json) {
        return new FeedState(key, version, Optional.of(Json.of(json)));
    }

    private static FeedState alone(FeedKey key, long version) {
        return new FeedState(key, version, Optional.empty());
    }

    private static List<FeedState> subscribed(Tutti instance, FeedKey key) {
        List<FeedState> told = new CopyOnWriteArrayList<>();
        FeedSubscription subscription = instance.feeds().subscribe(key, 0, told::add);
        assertThat(subscription.version()).isZero();
        return told;
    }

    @Test
    void aValueThatNoNotificationHoldsReachesTheOtherInstanceAndNothingIsToldTwice() {
        FeedKey key = newKey();
        List<FeedState> here = subscribed(one, key);
        List<FeedState> there = subscribed(two, key);
        String large = "\"" + "x".repeat(100_000) + "\"";

        one.feeds().publish(key, 1, Json.of(large));
        await().atMost(PATIENCE).until(() -> !there.isEmpty());
        assertThat(two.feeds().publish(key, 1, Json.of("0"))).isEqualTo(new FeedUpdate.Stale(1));
        two.feeds().publish(key, 2, Json.of("2"));
        await().atMost(PATIENCE).until(() -> here.size() > 1 && there.size() > 1);

        // what was notified before this has been heard by both
        one.feeds().publish(key, 3, Json.of("3"));
        await().atMost(PATIENCE).until(() -> here.contains(state(key, 3, "3")) && there.contains(state(key, 3, "3")));
        assertThat(here).containsExactly(state(key, 1, large), state(key, 2, "2"), state(key, 3, "3"));
        assertThat(there).containsExactlyElementsOf(here);
    }

    @Test
    void anotherProgramHearsKeyVersionAndInstance() throws Exception {
        FeedKey key = newKey();
        try (Connection connection = connected();
                Statement statement = connection.createStatement()) {
            statement.execute("listen app_events");

            one.feeds().publish(key, 41, Json.of("\"" + "x".repeat(100_000) + "\""));

            List<String> heard = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                for (PGNotification each : connection.unwrap(PGConnection.class).getNotifications(100)) {
                    heard.add(each.getParameter().replace(" ", ""));
                }
                return heard.stream().anyMatch(text -> text.contains(key.value()));
            });
            assertThat(heard)
                    .contains("{\"key\":\"" + key + "\",\"version\":41,\"instanceId\":\""
                            + one.instance().value() + "\"}");
        }
    }

    @Test
    void whatAnotherProgramNotifiesReachesTheSubscribersOfBoth() throws Exception {
        FeedKey key = newKey();
        FeedKey cursor = FeedKey.of("cursor", UUID.randomUUID().toString());
        List<FeedState> here = subscribed(one, key);
        List<FeedState> there = subscribed(two, key);
        List<FeedState> cursors = subscribed(two, cursor);
        double before = meters.get("tutti.feed.unreadable").counter().count();

        execute("notify app_events, 'hello'");
        execute("notify app_events, '{\"key\": \"" + key + "\"}'");
        execute("notify app_events, '{\"key\": \"" + key + "\", \"version\": 0}'");
        execute("notify app_events, '{\"key\": \"" + key + "\", \"version\": 8, \"table\": \"goals\"}'");
        execute("notify app_events, '{\"key\": \"" + cursor + "\", \"version\": 3, \"instanceId\": \"a script\"}'");

        await().atMost(PATIENCE).until(() -> !here.isEmpty() && !there.isEmpty() && !cursors.isEmpty());
        assertThat(here).containsExactly(alone(key, 8));
        assertThat(there).containsExactly(alone(key, 8));
        assertThat(cursors).containsExactly(alone(cursor, 3));
        assertThat(meters.get("tutti.feed.unreadable").counter().count()).isEqualTo(before + 3);
    }

    /** A version that the table does not have is a mistake where it has another one. */
    @Test
    void whatIsOnlySaidDoesNotReplaceWhatIsHeld() throws Exception {
        FeedKey key = newKey();
        List<FeedState> there = subscribed(two, key);
        one.feeds().publish(key, 5, Json.of("5"));
        await().atMost(PATIENCE).until(() -> !there.isEmpty());

        execute("notify app_events, '{\"key\": \"" + key + "\", \"version\": 9007199254740991}'");
        execute("select tutti.publish_feed('" + key + "', 6, '{\"by\": \"sql\"}')");

        await().atMost(PATIENCE).until(() -> there.size() > 1);
        assertThat(there).containsExactly(state(key, 5, "5"), state(key, 6, "{\"by\": \"sql\"}"));
    }

    /** Any role that may connect can notify, and need not be let into the schema. */
    @Test
    void aStrangerWhoNotifiesNeitherReplacesNorBlocksAFeed() throws Exception {
        FeedKey cursor = FeedKey.of("cursor", UUID.randomUUID().toString());
        FeedKey later = newKey();
        List<FeedState> told = subscribed(one, cursor);
        List<FeedState> toldLater = subscribed(two, later);
        one.feeds().publish(cursor, 5, Json.of("5"));
        await().atMost(PATIENCE).until(() -> !told.isEmpty());

        execute("notify app_events, '{\"key\": \"" + cursor + "\", \"version\": 9007199254740991}'");
        execute("notify app_events, '{\"key\": \"" + later + "\", \"version\": 2000000}'");
        await().atMost(PATIENCE).until(() -> !toldLater.isEmpty());

        assertThat(one.feeds().get(cursor)).contains(state(cursor, 5, "5"));
        assertThat(one.feeds().publish(cursor, 6, Json.of("6"))).isEqualTo(new FeedUpdate.Accepted());
        assertThat(one.feeds().publish(later, 1, Json.of("1"))).isEqualTo(new FeedUpdate.Accepted());
        await().atMost(PATIENCE).until(() -> told.size() > 1 && toldLater.size() > 1);
        assertThat(told).containsExactly(state(cursor, 5, "5"), state(cursor, 6, "6"));
        assertThat(toldLater).containsExactly(alone(later, 2_000_000), state(later, 1, "1"));
    }

    @Test
    void whatATransactionPublishesIsToldWhenItCommits() throws Exception {
        FeedKey key = newKey();
        FeedKey after = newKey();
        List<FeedState> here = subscribed(one, key);
        List<FeedState> there = subscribed(two, key);
        List<FeedState> later = subscribed(one, after);
        try (Connection transaction = connected()) {
            transaction.setAutoCommit(false);
            one.feeds().publish(transaction, key, 1, Json.of("1"));
            transaction.rollback();
            two.feeds().publish(after, 1, Json.of("1"));
            await().atMost(PATIENCE).until(() -> !later.isEmpty());
            assertThat(here).isEmpty();

            one.feeds().publish(transaction, key, 2, Json.of("2"));
            transaction.commit();
        }

        await().atMost(PATIENCE).until(() -> !here.isEmpty() && !there.isEmpty());
        assertThat(here).containsExactly(state(key, 2, "2"));
        assertThat(there).containsExactly(state(key, 2, "2"));
    }

    /** Published by somebody who notifies nobody, as all notifications are lost of whoever is not connected. */
    @Test
    void whatWasMissedWhileTheConnectionWasLostIsMadeGood() throws Exception {
        FeedKey key = newKey();
        List<FeedState> told = subscribed(two, key);
        one.feeds().publish(key, 1, Json.of("1"));
        await().atMost(PATIENCE).until(() -> !told.isEmpty());

        execute("update tutti.feed set version = 2, value = '2' where key = '" + key + "'");
        assertThat(told).hasSize(1);
        execute("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name like 'tutti %' and pid <> pg_backend_pid()");

        await().atMost(PATIENCE).until(() -> told.size() > 1);
        assertThat(told).containsExactly(state(key, 1, "1"), state(key, 2, "2"));
    }
}
