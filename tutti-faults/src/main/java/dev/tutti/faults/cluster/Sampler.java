package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks PostgreSQL of the instances, again and again, and connects again when it was away. For one thread. */
public final class Sampler implements AutoCloseable {
    private interface Question<T> {
        T ask(DatabaseSessions sessions) throws SQLException;
    }

    private final EmbeddedDatabase database;
    private @Nullable DatabaseSessions sessions;

    Sampler(EmbeddedDatabase database) {
        this.database = database;
    }

    /** How many sessions the instances have; nothing while PostgreSQL is away. */
    public OptionalInt count() {
        return asked(sessions -> OptionalInt.of(sessions.count()), OptionalInt.empty());
    }

    /** The names of the instances whose last heartbeat is younger than two seconds; none while PostgreSQL is away. */
    public Set<String> beating() {
        return asked(DatabaseSessions::beating, Set.of());
    }

    /**
     * A process of an instance.
     *
     * @param id which it keeps for its life
     * @param instance its name
     */
    public record InstanceProcess(UUID id, String instance) {}

    /** The processes by their incarnations, those of the dead too; none while PostgreSQL is away. */
    public Map<UUID, InstanceProcess> incarnations() {
        return asked(DatabaseSessions::incarnations, Map.of());
    }

    /** How often each text is stored in {@code stream}; nothing while PostgreSQL is away. */
    public Optional<Map<String, Integer>> stored(String stream) {
        return asked(sessions -> Optional.of(sessions.stored(stream)), Optional.empty());
    }

    /**
     * The effects of one shard's worker.
     *
     * @param count how often it has done something
     * @param holders by how many holders of its lease
     * @param late how often under an older token than before
     */
    public record Effects(int count, int holders, int late) {}

    /** The effects of the workers so far, by their shards; empty while PostgreSQL is away. */
    public Optional<Map<Integer, Effects>> effects() {
        return asked(sessions -> Optional.of(sessions.effects()), Optional.empty());
    }

    private <T> T asked(Question<T> question, T away) {
        try {
            if (sessions == null) {
                sessions = DatabaseSessions.of(database);
            }
            return question.ask(sessions);
        } catch (SQLException lost) {
            close();
            return away;
        }
    }

    @Override
    public void close() {
        DatabaseSessions last = sessions;
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
