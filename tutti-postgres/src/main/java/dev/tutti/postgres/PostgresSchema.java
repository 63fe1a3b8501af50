package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables and functions of the streams, in the schema {@code tutti}. */
public final class PostgresSchema {
    private PostgresSchema() {}

    /**
     * Brings the schema up to date, with a history in {@code tutti.stream_schema_history}. Several instances may do this at
     * once: one does it, the others wait. A schema that a newer release has brought further is left as it is. The user
     * needs the right to create the schema, or to create in it if it is there.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if it fails
     */
    public static void migrate(DataSource database) {
        try {
            Flyway flyway = Flyway.configure(PostgresSchema.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:dev/tutti/postgres/migration")
                    .defaultSchema("tutti")
                    .table("stream_schema_history")
                    .baselineOnMigrate(true) // other parts of Tutti may have made the schema, with their own history
                    .baselineVersion("0")
                    .load();
            if (flyway.info().pending().length > 0) { // looking takes one connection, migrating two
                flyway.migrate();
            }
        } catch (FlywayException e) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the database's schema could not be brought up to date: " + e.getMessage(),
                    e);
        }
    }
}
