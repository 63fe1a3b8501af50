package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The instances as PostgreSQL has them, seen over a direct connection of one's own. For one thread. */
final class DatabaseSessions implements AutoCloseable {
    private static final String COUNT =
            "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'tutti %'";
    private static final String TERMINATE = "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            + " where datname = current_database() and application_name like 'tutti %'";
    private static final String BEATING =
            "select distinct instance from tutti.instance where heartbeat > tutti.clock() - interval '2 s'";
    private static final String STORED = "select trim(both '\"' from convert_from(e.data, 'UTF8')), count(*)"
            + " from tutti.event e join tutti.stream s on s.id = e.stream_id where s.name = ? group by 1";
    private static final String EFFECTS = """
            select shard, count(*) as effects, count(distinct token) as holders, count(*) filter (where token < before) as late
            from (
                select shard, token, max(token) over (
                    partition by shard order by id rows between unbounded preceding and 1 preceding) as before
                from faults_effect) effect
            group by shard
            """;
    private static final String INCARNATIONS =
            "select incarnation, coalesce(process, incarnation), instance from tutti.instance";

    private final Connection connection;

    private DatabaseSessions(Connection connection) {
        this.connection = connection;
    }

    static DatabaseSessions of(EmbeddedDatabase database) throws SQLException {
        return new DatabaseSessions(DatabaseProgram.connect(database, "faults"));
    }

    /** How many sessions they have. */
    int count() throws SQLException {
        return number(COUNT);
    }

    /** Ends all their sessions; how many there were. */
    int terminate() throws SQLException {
        return number(TERMINATE);
    }

    /** The names of those whose last heartbeat is younger than two seconds. */
    Set<String> beating() throws SQLException {
        Set<String> names = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(BEATING);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Each incarnation that is noted, and whose it is. */
    Map<UUID, Sampler.InstanceProcess> incarnations() throws SQLException {
        Map<UUID, Sampler.InstanceProcess> processes = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(INCARNATIONS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                processes.put(
                        rows.getObject(1, UUID.class),
                        new Sampler.InstanceProcess(rows.getObject(2, UUID.class), rows.getString(3)));
            }
        }
        return processes;
    }

    /** How often each text is stored in {@code stream}. */
    Map<String, Integer> stored(String stream) throws SQLException {
        Map<String, Integer> times = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(STORED)) {
            statement.setString(1, stream);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    times.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return times;
    }

    /** The effects of the workers so far, by their shards. */
    Map<Integer, Sampler.Effects> effects() throws SQLException {
        Map<Integer, Sampler.Effects> effects = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(EFFECTS);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                effects.put(
                        rows.getInt("shard"),
                        new Sampler.Effects(rows.getInt("effects"), rows.getInt("holders"), rows.getInt("late")));
            }
        }
        return effects;
    }

    private int number(String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
