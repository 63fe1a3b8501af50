package dev.tutti.postgres;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Role;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Sql;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a cluster in PostgreSQL, by the server's clock. A commit that was not awaited counts, unlike elsewhere: the list
 * of those that are alive needs to be known at this server alone, and a standby that is away makes nobody dead.
 * {@link ConnectionBudget#requireCommits} tells of it. Safe for use by many threads; blocks.
 */
final class PostgresMemberStore implements MemberStore {
    private static final Logger log = LoggerFactory.getLogger(PostgresMemberStore.class);
    private static final Sql JOIN = Sql.resource(PostgresMemberStore.class, "member/join");
    private static final Sql BEAT = Sql.resource(PostgresMemberStore.class, "member/beat");
    private static final Sql LEAVE = Sql.resource(PostgresMemberStore.class, "member/leave");

    private final ControlConnection control;
    private final String sessions;

    /**
     * Over {@code control}, to a database whose schema is up to date.
     *
     * @param sessions the {@code application_name} of this process's connections, which no other process has: by it they
     *     are cut when the process is taken for dead
     */
    PostgresMemberStore(ControlConnection control, String sessions) {
        this.control = control;
        this.sessions = sessions;
    }

    @Override
    public void join(Member member, Duration silence) {
        Map<String, Object> values = values(member);
        values.put("process", member.process());
        values.put("instance", member.instance());
        values.put("silence", seconds(silence));
        values.put("sessions", sessions);
        run(connection -> {
            try (PreparedStatement statement = JOIN.prepare(connection, values)) {
                return statement.execute();
            }
        });
    }

    @Override
    public MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
        Map<String, Object> values = values(heartbeat.member());
        values.put("number", heartbeat.number());
        values.put("unheard", heartbeat.unheard().stream().map(UUID::toString).toArray(String[]::new));
        values.put("silence", seconds(silence));
        return run(connection -> {
            try (PreparedStatement statement = BEAT.prepare(connection, values);
                    ResultSet rows = statement.executeQuery()) {
                List<Heartbeat> heartbeats = new ArrayList<>();
                Instant now = Instant.EPOCH;
                while (rows.next()) {
                    heartbeats.add(heartbeat(rows));
                    now = Sql.instant(rows, "moment");
                }
                return new MemberList(heartbeats, now);
            }
        });
    }

    private static Heartbeat heartbeat(ResultSet row) throws SQLException {
        Member member = new Member(
                row.getObject("process", UUID.class),
                row.getObject("incarnation", UUID.class),
                row.getString("instance"),
                row.getString("address"),
                Role.of(row.getString("role")),
                row.getBoolean("draining"),
                row.getLong("revision"));
        Array unheard = row.getArray("unheard");
        return new Heartbeat(member, row.getLong("beats"), Set.of((UUID[]) unheard.getArray()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    @Override
    public void leave(UUID incarnation) {
        Map<String, Object> values = Map.of("incarnation", incarnation);
        int rows = run(connection -> {
            try (PreparedStatement statement = LEAVE.prepare(connection, values)) {
                return statement.executeUpdate();
            }
        });
        log.debug("{} rows changed", rows);
    }

    private <T> T run(ControlConnection.Task<T> task) {
        try {
            return control.runFirst(task);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    private static Map<String, Object> values(Member member) {
        Map<String, Object> values = new HashMap<>();
        values.put("incarnation", member.incarnation());
        values.put("address", member.address());
        values.put("role", member.role().text());
        values.put("draining", member.draining());
        values.put("revision", member.revision());
        return values;
    }
}
