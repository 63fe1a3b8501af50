package dev.tutti.chat;

import dev.tutti.account.AccountSchema;
import dev.tutti.postgres.sql.MigratedSchema;
import dev.tutti.postgres.sql.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The tables of the chat and of the accounts that it is for, in the schema {@code tutti}. */
public final class ChatSchema implements MigratedSchema {
    private static final int USABLE_SECONDS = 2;
    private static final String USABLE = """
            select 1
            where not exists (select from tutti.user where false)
              and not exists (select from tutti.user_session where false)
              and not exists (select from tutti.conversation where false)""";

    /** Brings the tables up to date, with a history that the features share, {@code tutti.feature_schema_history}. */
    @Override
    public void migrate(DataSource database) {
        new Migrations(
                        database,
                        ChatSchema.class.getClassLoader(),
                        List.of(AccountSchema.MIGRATIONS, "dev/tutti/chat/migration"),
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
