package dev.tutti.server.key;

import dev.tutti.postgres.sql.MigratedSchema;
import dev.tutti.postgres.sql.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The tables of the keys and of webhooks, in the schema {@code tutti}. */
public final class KeySchema implements MigratedSchema {
    private static final int USABLE_SECONDS = 2;
    private static final String USABLE = """
            select 1 where not exists (select from tutti.api_key where false)
                and not exists (select from tutti.webhook, tutti.webhook_stream where false)
            """;

    /** Brings it up to date, with a history of its own, {@code tutti.server_schema_history}. */
    @Override
    public void migrate(DataSource database) {
        new Migrations(
                        database,
                        KeySchema.class.getClassLoader(),
                        List.of("dev/tutti/server/migration"),
                        "server_schema_history")
                .run();
    }

    @Override
    public void requireUsable(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(USABLE)) {
            statement.setQueryTimeout(USABLE_SECONDS);
            statement.execute();
        }
    }
}
