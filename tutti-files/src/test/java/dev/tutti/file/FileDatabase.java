package dev.tutti.file;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresSchema;
import java.nio.file.Path;
import java.sql.SQLException;

/** A real PostgreSQL with the tables of files, of one test class. */
final class FileDatabase implements AutoCloseable {
    private final EmbeddedDatabase postgres;
    private final HikariDataSource pool;

    private FileDatabase(EmbeddedDatabase postgres) {
        this.postgres = postgres;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        this.pool = new HikariDataSource(config);
    }

    static FileDatabase in(Path directory) {
        FileDatabase database = new FileDatabase(EmbeddedDatabase.start(
                DatabaseTemplate.copiedTo(EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres")))));
        PostgresSchema.migrate(database.pool);
        new FileSchema().migrate(database.pool);
        return database;
    }

    HikariDataSource pool() {
        return pool;
    }

    void execute(String sql) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        pool.close();
        postgres.close();
    }
}
