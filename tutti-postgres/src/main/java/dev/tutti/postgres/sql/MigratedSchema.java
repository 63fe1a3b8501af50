package dev.tutti.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Tables that a feature has beside those of the streams, in the schema {@code tutti}. Safe for use by many threads. */
public abstract class MigratedSchema {
    private static final int USABLE_SECONDS = 2;

    private final String history;
    private final List<String> migrations;
    private final Sql usable;

    /**
     * Tables that are made by the files in the folders {@code migrations} of the subclass's class loader.
     *
     * @param history the table that notes which of them have run; features that refer to one another share one
     * @param tables those that must be readable for the feature to be usable; at least one
     */
    protected MigratedSchema(String history, List<String> migrations, List<String> tables) {
        this.history = history;
        this.migrations = List.copyOf(migrations);
        this.usable = new Sql(tables.stream()
                        .map(table -> "not exists (select from tutti." + table + " where false)")
                        .collect(Collectors.joining(" and ", "select 1 where ", "")))
                .within(USABLE_SECONDS);
    }

    /**
     * Brings them up to date, on one connection. Several instances may do this at once. Blocks.
     *
     * @throws dev.tutti.TuttiException if it fails
     */
    public final void migrate(DataSource database) {
        new Migrations(database, getClass().getClassLoader(), migrations, history).run();
    }

    /**
     * Finds out whether they are there and may be read. Cheap; blocks.
     *
     * @throws SQLException if not, in PostgreSQL's words
     */
    public final void requireUsable(Connection connection) throws SQLException {
        usable.list(connection, _ -> true);
    }
}
