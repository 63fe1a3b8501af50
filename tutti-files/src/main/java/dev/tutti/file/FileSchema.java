package dev.tutti.file;

import dev.tutti.postgres.sql.MigratedSchema;
import dev.tutti.postgres.sql.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** The tables of files, in the schema {@code tutti}. */
public final class FileSchema implements MigratedSchema {
    private static final int USABLE_SECONDS = 2;
    private static final String USABLE = """
            select 1
            where not exists (select from tutti.file where false)
              and not exists (select from tutti.file_upload where false)""";

    /** Brings them up to date, with a history of their own, {@code tutti.file_schema_history}. */
    @Override
    public void migrate(DataSource database) {
        new Migrations(
                        database,
                        FileSchema.class.getClassLoader(),
                        List.of("dev/tutti/file/migration"),
                        "file_schema_history")
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
