package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import java.sql.SQLException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Counts sessions again and again, and connects again when PostgreSQL was away. For one thread. */
public final class Sampler implements AutoCloseable {
    private final EmbeddedDatabase database;
    private @Nullable Sessions sessions;

    Sampler(EmbeddedDatabase database) {
        this.database = database;
    }

    /** How many sessions the instances have; nothing while PostgreSQL is away. */
    public OptionalInt count() {
        try {
            if (sessions == null) {
                sessions = Sessions.of(database);
            }
            return OptionalInt.of(sessions.count());
        } catch (SQLException away) {
            close();
            return OptionalInt.empty();
        }
    }

    @Override
    public void close() {
        Sessions last = sessions;
        sessions = null;
        if (last != null) {
            try {
                last.close();
            } catch (SQLException gone) {
                // as it shall be
            }
        }
    }
}
