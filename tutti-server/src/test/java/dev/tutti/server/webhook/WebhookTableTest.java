package dev.tutti.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresSchema;
import dev.tutti.server.key.KeySchema;
import dev.tutti.server.outbound.SigningSecret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Operators who change one webhook at the same time. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookTableTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private EmbeddedDatabase postgres;
    private WebhookTable webhooks;

    @BeforeAll
    void start(@TempDir Path directory) {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        database.setURL(postgres.jdbcUrl());
        database.setUser(postgres.user());
        database.setPassword(postgres.password());
        PostgresSchema.migrate(database);
        new KeySchema().migrate(database);
        webhooks = new WebhookTable(database);
    }

    @AfterAll
    void stop() {
        postgres.close();
    }

    private boolean isSomebodyWaiting() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            rows.next();
            return rows.getInt(1) > 0;
        }
    }

    @Test
    void retryingWaitsForAnotherChangeOfTheWebhookBeforeItHoldsAnyStream() throws SQLException {
        String id = webhooks.create("https://example.com/", List.of("room:*"), List.of(), SigningSecret.random())
                .id();
        try (Connection other = database.getConnection();
                Statement change = other.createStatement()) {
            change.execute("insert into tutti.webhook_stream (webhook, stream, cursor, head, attempts) values ('" + id
                    + "', 'room:1', 0, 1, 3), ('" + id + "', 'room:2', 0, 1, 3)");
            other.setAutoCommit(false);
            change.execute("select from tutti.webhook where id = '" + id + "' for update");
            change.execute("select from tutti.webhook_stream where stream = 'room:2' for update");

            CompletableFuture<Void> retried = CompletableFuture.runAsync(() -> webhooks.retry(id));
            await().atMost(PATIENCE).until(this::isSomebodyWaiting);
            change.execute("select from tutti.webhook_stream where stream = 'room:1' for update");
            other.commit();

            await().atMost(PATIENCE).until(retried::isDone);
            assertThat(retried).isCompleted();
            assertThat(webhooks.failing(id, 10)).isEmpty();
        }
    }
}
