package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logins, in {@code tutti.user_session}, by the database's clock. Safe for use by many threads; blocks. */
final class SessionStore {
    /** Logins of one person at a time; the one before them ends. */
    static final int MAX_PER_USER = 100;

    /** A look at the logins of connections that is given up, and taken again, is in time for the ten seconds in which they are cut. */
    private static final Duration WATCHED_WITHIN = Duration.ofSeconds(2);

    /** Kept as it is until the login has ended: whoever changes it meanwhile waits, and then finds the new session. */
    private static final Sql HOLD_USER = new Sql("""
            select 1 from tutti.user
            where id = ? and password_hash = ? and disabled_at is null and deleted_at is null
            for share
            """);

    private static final Sql FORGET = new Sql("delete from tutti.user_session where user_id = ? returning id");

    private static final Sql PRUNE = new Sql("""
            delete from tutti.user_session
            where user_id = ?
              and (expires_at <= now()
                   or id in (select id from tutti.user_session where user_id = ?
                             order by created_at desc offset ?))
            returning id
            """);

    private static final Sql INSERT = new Sql("""
            insert into tutti.user_session (id, user_id, family_hash, token_hashes, expires_at, device, address)
            values (?, ?, ?, array[?::bytea], now() + ? * interval '1 second', ?, ?)
            returning id, user_id, created_at, expires_at
            """);

    private static final Sql FIND = new Sql("""
            select id, user_id, created_at, expires_at from tutti.user_session
            where id = ? and revoked_at is null and expires_at > now()
            """);

    private static final Sql LIVE = new Sql("""
            select id from tutti.user_session where id = any (?) and revoked_at is null and expires_at > now()
            """);

    private static final Sql OF_USER = new Sql("""
            select id, device, address, created_at, greatest(used_at, rotated_at) as used_at
            from tutti.user_session
            where user_id = ? and revoked_at is null and expires_at > now()
            order by greatest(used_at, rotated_at) desc, id
            """);

    private static final Sql REVOKE = new Sql("""
            update tutti.user_session set revoked_at = now()
            where id = ? and user_id = ? and revoked_at is null and expires_at > now()
            """);

    private static final Sql REVOKE_ALL = new Sql("""
            update tutti.user_session set revoked_at = now()
            where user_id = ? and id <> ? and revoked_at is null and expires_at > now()
            returning id
            """);

    /** Rows that another instance writes just now are left to that one. */
    private static final Sql USED = new Sql("""
            update tutti.user_session s set used_at = now(), address = used.address
            from unnest(?::text[], ?::text[]) as used (id, address)
            where s.id = used.id
              and s.id in (select id from tutti.user_session where id = any (?) for no key update skip locked)
            """);

    /**
     * One statement, so that of several refreshes at once each sees what the one before it did. A token that is valid
     * makes way for the new one; its predecessor gets another beside it for a while, at most 16; any other ends the
     * session. Inner names: p is what was presented.
     */
    private static final Sql ROTATE = new Sql("""
            update tutti.user_session s
            set token_hashes = case
                    when s.revoked_at is not null or s.expires_at <= now() then s.token_hashes
                    when p.current = any (s.token_hashes) then array[p.next]
                    when p.current = any (s.previous_hashes) and s.rotated_at > now() - p.grace
                        then s.token_hashes[1:15] || p.next
                    else s.token_hashes end,
                previous_hashes = case
                    when s.revoked_at is null and s.expires_at > now() and p.current = any (s.token_hashes)
                        then s.token_hashes
                    else s.previous_hashes end,
                rotated_at = case
                    when s.revoked_at is null and s.expires_at > now() and p.current = any (s.token_hashes)
                        then now()
                    else s.rotated_at end,
                revoked_at = case
                    when s.revoked_at is not null then s.revoked_at
                    when s.expires_at <= now() or p.current = any (s.token_hashes) then null
                    when p.current = any (s.previous_hashes) and s.rotated_at > now() - p.grace then null
                    else now() end,
                expires_at = case
                    when s.revoked_at is not null or s.expires_at <= now() then s.expires_at
                    when p.current = any (s.token_hashes)
                         or p.current = any (s.previous_hashes) and s.rotated_at > now() - p.grace
                        then now() + p.ttl
                    else s.expires_at end
            from (select ?::bytea as family, ?::bytea as current, ?::bytea as next,
                         ? * interval '1 second' as grace, ? * interval '1 second' as ttl) p
            where s.family_hash = p.family
            returning s.id, s.user_id, s.created_at, s.expires_at, s.revoked_at is not null as revoked,
                      p.next = any (s.token_hashes) as granted
            """);

    private final Database database;
    private final Database watching;

    SessionStore(Database database) {
        this.database = database;
        this.watching = database.within(WATCHED_WITHIN);
    }

    /** The outcome of a refresh. */
    sealed interface Rotation {
        /** The next token is valid now. */
        record Granted(Session session) implements Rotation {}

        /** The session was ended, perhaps just now, because an old token was presented. */
        record Revoked(String session) implements Rotation {}

        /** There is no such session, or it has run out. */
        record Unknown() implements Rotation {}
    }

    /** A new login, and those that ended for it. */
    record OpenedSession(Session session, List<String> ended) {}

    /** A session as its owner sees it. */
    record Listed(String id, LoginClient client, Instant createdAt, Instant usedAt) {}

    /**
     * A new login of somebody whose password has {@code passwordHash}; the oldest ends if they have too many. Empty if the
     * account was disabled, deleted or given another password meanwhile.
     */
    Optional<OpenedSession> open(
            String user, String passwordHash, RefreshToken token, Duration ttl, LoginClient client) {
        return database.transaction(connection -> {
            if (HOLD_USER.first(connection, _ -> true, user, passwordHash).isEmpty()) {
                return Optional.empty();
            }
            List<String> ended = PRUNE.list(connection, rows -> rows.getString(1), user, user, MAX_PER_USER - 1);
            Session session = INSERT.first(
                            connection,
                            SessionStore::session,
                            Ids.next(),
                            user,
                            token.familyHash(),
                            token.currentHash(),
                            ttl.toSeconds(),
                            client.device(),
                            client.area())
                    .orElseThrow();
            return Optional.of(new OpenedSession(session, ended));
        });
    }

    /** Those of the sessions that have not ended. */
    List<String> live(Collection<String> ids) {
        return watching.statement(connection -> LIVE.list(connection, rows -> rows.getString(1), ids));
    }

    /** The session, unless it has ended. */
    Optional<Session> find(String id) {
        return database.statement(connection -> FIND.first(connection, SessionStore::session, id));
    }

    /** The sessions of {@code user} that have not ended, the one used last first; at most {@link #MAX_PER_USER}. */
    List<Listed> of(String user) {
        return database.statement(connection -> OF_USER.list(
                connection,
                rows -> new Listed(
                        rows.getString("id"),
                        new LoginClient(rows.getString("device"), rows.getString("address")),
                        Sql.instant(rows, "created_at"),
                        Sql.instant(rows, "used_at")),
                user));
    }

    /** Ends the session of {@code user}; false if there is none, or it has ended. */
    boolean revoke(String id, String user) {
        return database.statement(connection -> REVOKE.update(connection, id, user)) == 1;
    }

    /** Ends all sessions of {@code user} but {@code kept} and answers which these were. */
    List<String> revokeAllBut(String kept, String user) {
        return database.statement(connection -> revokeAllBut(connection, kept, user));
    }

    /** The same in a transaction of the caller's. */
    static List<String> revokeAllBut(Connection connection, String kept, String user) throws SQLException {
        return REVOKE_ALL.list(connection, rows -> rows.getString(1), user, kept);
    }

    /** Removes all sessions of {@code user}, in a transaction of the caller's, and answers which these were. */
    static List<String> forget(Connection connection, String user) throws SQLException {
        return FORGET.list(connection, rows -> rows.getString(1), user);
    }

    /** Notes that sessions were used just now, each from an area of the network. */
    void used(Map<String, String> areas) {
        List<String> ids = List.copyOf(areas.keySet());
        List<String> froms = ids.stream().map(areas::get).toList();
        database.statement(connection -> USED.update(connection, ids, froms, ids));
    }

    /** Trades {@code presented} for {@code next}. */
    Rotation rotate(RefreshToken presented, RefreshToken next, Duration grace, Duration ttl) {
        return database.statement(connection -> ROTATE.first(
                        connection,
                        SessionStore::rotation,
                        presented.familyHash(),
                        presented.currentHash(),
                        next.currentHash(),
                        grace.toMillis() / 1000.0,
                        (double) ttl.toSeconds())
                .orElseGet(Rotation.Unknown::new));
    }

    private static Rotation rotation(ResultSet rows) throws SQLException {
        if (rows.getBoolean("granted")) {
            return new Rotation.Granted(session(rows));
        }
        return rows.getBoolean("revoked") ? new Rotation.Revoked(rows.getString("id")) : new Rotation.Unknown();
    }

    private static Session session(ResultSet rows) throws SQLException {
        return new Session(
                rows.getString("id"),
                rows.getString("user_id"),
                Sql.instant(rows, "created_at"),
                Sql.instant(rows, "expires_at"));
    }
}
