package dev.tutti.server.sql;

import dev.tutti.postgres.MigratedSchema;
import dev.tutti.postgres.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The tables of the built-in features, in the schema {@code tutti}, beside those of the streams. */
public final class FeatureSchema implements MigratedSchema {
    private static final int USABLE_SECONDS = 2;
    private static final String USABLE = """
            select 1
            where not exists (select from tutti.user where false)
              and not exists (select from tutti.user_session where false)
              and not exists (select from tutti.conversation where false)""";

    /** Brings the tables up to date, with a history of their own, {@code tutti.feature_schema_history}. */
    @Override
    public void migrate(DataSource database) {
        new Migrations(
                        database,
                        FeatureSchema.class.getClassLoader(),
                        "dev/tutti/server/migration",
                        "feature_schema_history")
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
