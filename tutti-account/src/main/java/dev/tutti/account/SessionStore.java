package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Logins, in {@code tutti.user_session}, by the database's clock. Safe for use by many threads; blocks. */
final class SessionStore {
    /** Logins of one person at a time; the one before them ends. */
    static final int MAX_PER_USER = 100;

    private static final Sql PRUNE = new Sql("""
            delete from tutti.user_session
            where user_id = ?
              and (expires_at <= now()
                   or id in (select id from tutti.user_session where user_id = ?
                             order by created_at desc offset ?))
            returning id
            """);

    private static final Sql INSERT = new Sql("""
            insert into tutti.user_session (id, user_id, family_hash, token_hashes, expires_at)
            values (?, ?, ?, array[?::bytea], now() + ? * interval '1 second')
            returning id, user_id, created_at, expires_at
            """);

    private static final Sql FIND = new Sql("""
            select id, user_id, created_at, expires_at from tutti.user_session
            where id = ? and revoked_at is null and expires_at > now()
            """);

    private static final Sql LIVE = new Sql("""
            select id from tutti.user_session where id = any (?) and revoked_at is null and expires_at > now()
            """);

    private static final Sql REVOKE = new Sql("""
            update tutti.user_session set revoked_at = now() where id = ? and revoked_at is null
            """);

    private static final Sql REVOKE_ALL = new Sql("""
            update tutti.user_session set revoked_at = now()
            where user_id = ? and revoked_at is null and expires_at > now()
            returning id
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

    SessionStore(Database database) {
        this.database = database;
    }

    /** What became of a refresh. */
    sealed interface Rotation {
        /** The next token is valid now. */
        record Granted(Session session) implements Rotation {}

        /** The session was ended, perhaps just now, because an old token was presented. */
        record Revoked(String session) implements Rotation {}

        /** There is no such session, or it has run out. */
        record Unknown() implements Rotation {}
    }

    /** A new login, and those that ended for it. */
    record Opened(Session session, List<String> ended) {}

    /** A new login; the oldest ends if the person has too many. */
    Opened open(String user, RefreshToken token, Duration ttl) {
        return database.transaction(connection -> {
            List<String> ended = PRUNE.list(connection, rows -> rows.getString(1), user, user, MAX_PER_USER - 1);
            Session session = INSERT.first(
                            connection,
                            SessionStore::session,
                            Ids.next(),
                            user,
                            token.familyHash(),
                            token.currentHash(),
                            ttl.toSeconds())
                    .orElseThrow();
            return new Opened(session, ended);
        });
    }

    /** Those of the sessions that have not ended. */
    List<String> live(Collection<String> ids) {
        return database.statement(connection -> LIVE.list(connection, rows -> rows.getString(1), ids));
    }

    /** The session, unless it has ended. */
    Optional<Session> find(String id) {
        return database.statement(connection -> FIND.first(connection, SessionStore::session, id));
    }

    /** Ends the session; without effect if it has ended. */
    void revoke(String id) {
        database.statement(connection -> REVOKE.update(connection, id));
    }

    /** Ends all sessions of {@code user} and answers which these were. */
    List<String> revokeAll(String user) {
        return database.statement(connection -> REVOKE_ALL.list(connection, rows -> rows.getString(1), user));
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
