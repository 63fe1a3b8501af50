package dev.tutti.server.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The keys of two instances on one database, that do not hear each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeysTest {
    private static final Duration PROMISED = Duration.ofSeconds(1);
    private static final List<String> SECRETS = List.of("a-secret-of-the-tests-and-of-no-one-else");

    private final AtomicLong nanos = new AtomicLong();
    private EmbeddedDatabase postgres;
    private ApiKeys here;
    private ApiKeys there;

    @BeforeAll
    void start(@TempDir Path directory) {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(postgres.jdbcUrl());
        database.setUser(postgres.user());
        database.setPassword(postgres.password());
        PostgresSchema.migrate(database);
        new KeySchema().migrate(database);
        here = new ApiKeys(database, SECRETS, () -> 0);
        there = new ApiKeys(database, SECRETS, nanos::get);
    }

    @AfterAll
    void stop() {
        postgres.close();
    }

    @Test
    void anotherInstanceForgetsARevokedKeyWithinASecond() {
        ApiKeys.CreatedKey made = made();
        assertThat(there.verify(made.token()).id()).isEqualTo(made.key().id());
        assertThat(here.revoke(made.key().id())).isTrue();

        nanos.addAndGet(PROMISED.toNanos());

        assertIsRefused(there, made);
    }

    @Test
    void theInstanceThatRevokesAKeyForgetsItAtOnce() {
        ApiKeys.CreatedKey made = made();
        assertThat(here.verify(made.token()).id()).isEqualTo(made.key().id());

        assertThat(here.revoke(made.key().id())).isTrue();

        assertIsRefused(here, made);
    }

    private ApiKeys.CreatedKey made() {
        return here.create("a program's", List.of(Capability.parse("read:room:*")));
    }

    private static void assertIsRefused(ApiKeys keys, ApiKeys.CreatedKey made) {
        assertThatThrownBy(() -> keys.verify(made.token())).hasMessage("there is no such key, or it was revoked");
    }
}
