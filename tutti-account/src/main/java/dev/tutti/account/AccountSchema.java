package dev.tutti.account;

import dev.tutti.postgres.sql.MigratedSchema;
import dev.tutti.postgres.sql.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The tables of the accounts, in the schema {@code tutti}. */
public final class AccountSchema implements MigratedSchema {
    /** Where their migrations are, for those of features whose tables refer to these. */
    public static final String MIGRATIONS = "dev/tutti/account/migration";

    private static final int USABLE_SECONDS = 2;
    private static final String USABLE = """
            select 1
            where not exists (select from tutti.user where false)
              and not exists (select from tutti.user_session where false)
              and not exists (select from tutti.first_account where false)""";

    /** Brings the tables up to date, with a history that the features share, {@code tutti.feature_schema_history}. */
    @Override
    public void migrate(DataSource database) {
        new Migrations(database, AccountSchema.class.getClassLoader(), List.of(MIGRATIONS), "feature_schema_history")
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
