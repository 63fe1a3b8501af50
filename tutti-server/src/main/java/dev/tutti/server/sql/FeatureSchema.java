package dev.tutti.server.sql;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The tables of the built-in features, in the schema {@code tutti}, beside those of the streams. */
public final class FeatureSchema {
    private FeatureSchema() {}

    /**
     * Brings the tables up to date, with a history of their own, {@code tutti.feature_schema_history}. Several instances
     * may do this at once: one does it, the others wait.
     */
    public static void migrate(DataSource database) {
        Flyway flyway = Flyway.configure(FeatureSchema.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:dev/tutti/server/migration")
                .defaultSchema("tutti")
                .table("feature_schema_history")
                // the streams' tables may be there already, under their own history
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
        if (flyway.info().pending().length > 0) { // looking takes one connection, migrating two
            flyway.migrate();
        }
    }
}
