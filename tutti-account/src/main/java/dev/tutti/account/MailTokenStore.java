package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The tokens that people were sent by mail, in {@code tutti.mail_token}. Safe for use by many threads; blocks. */
final class MailTokenStore {
    static final String RESET = "reset";
    static final String EMAIL = "email";

    /** Tokens of a purpose that were sent to somebody and are not over: more are not sent. */
    static final int MOST_AT_A_TIME = 4;

    /**
     * Not more often than once in a while and four times within the life of a token, whichever instance is asked. Those before it stay
     * good; with another address, or when they were void, they count and are no token any more (null).
     */
    private static final Sql PUT = new Sql("""
            insert into tutti.mail_token as t (user_id, purpose, token_hash, email, expires_at)
            values (?, ?, ?, ?, now() + ? * interval '1 second')
            on conflict (user_id, purpose) do update
                set (former_hashes, former_expiries) = (
                        select coalesce(array_agg(case when t.expires_at > now() and t.email = excluded.email
                                                            and t.token_hash in (hash, t.former_of)
                                                       then hash end), '{}'),
                               coalesce(array_agg(until), '{}')
                        from unnest(array_prepend(t.token_hash, t.former_hashes),
                                    array_prepend(t.created_at + ? * interval '1 second', t.former_expiries))
                            as sent (hash, until)
                        where until > now()),
                    former_of = excluded.token_hash, token_hash = excluded.token_hash, email = excluded.email,
                    created_at = now(), expires_at = excluded.expires_at
                where t.created_at <= now() - ? * interval '1 second'
                  and (select count(*) from unnest(t.former_expiries) as until where until > now()) < ?
            """);

    private static final String GOOD = """
            where purpose = ? and expires_at > now()
              and (token_hash = ?
                   or former_of = token_hash and former_hashes @> array[?::bytea]
                      and exists (select from unnest(former_hashes, former_expiries) as former (hash, until)
                                  where hash = ? and until > now()))
            """;

    private static final Sql FIND = new Sql("select user_id, email from tutti.mail_token " + GOOD);

    private static final Sql TAKE = new Sql("delete from tutti.mail_token " + GOOD + " returning user_id, email");

    /** The rows stay: they say when mails were sent. */
    private static final Sql VOID = new Sql("""
            update tutti.mail_token set expires_at = '-infinity', former_hashes = '{}' where user_id = ?
            """);

    private static final Sql BY_EMAIL = new Sql("""
            select id, name, display_name, avatar from tutti.user
            where email = ? and disabled_at is null and deleted_at is null
            """);

    private static final Sql SET_EMAIL = new Sql("""
            update tutti.user set email = ?
            from (select id, email from tutti.user where id = ? and deleted_at is null for update) former
            where tutti.user.id = former.id
            returning former.email
            """);

    private static final Sql SET_PASSWORD = new Sql("""
            update tutti.user set password_hash = ?
            where id = ? and email = ? and disabled_at is null and deleted_at is null
            """);

    private final Database database;

    MailTokenStore(Database database) {
        this.database = database;
    }

    /** Whose a token is, and to which address it was sent. */
    record Proof(String user, String email) {}

    /**
     * Keeps the hash of a token beside those before it to the same address; false if one is younger than {@code pause}, or
     * {@value #MOST_AT_A_TIME} are younger than {@code ttl}.
     */
    boolean put(String user, String purpose, OneTimeToken token, String email, Duration ttl, Duration pause) {
        double life = ttl.toSeconds();
        double wait = pause.toSeconds();
        return database.statement(connection -> PUT.update(
                        connection, user, purpose, token.hash(), email, life, life, wait, MOST_AT_A_TIME - 1))
                == 1;
    }

    /** The proof that a token is, which stays good. */
    Optional<Proof> find(OneTimeToken token, String purpose) {
        return database.statement(connection -> proof(FIND, connection, token, purpose));
    }

    /** The proof that a token is, which is good no more when the transaction has ended; nor are those that were sent beside it. */
    static Optional<Proof> take(Connection connection, OneTimeToken token, String purpose) throws SQLException {
        return proof(TAKE, connection, token, purpose);
    }

    /** Makes all tokens of somebody void: whoever has asked for them may be another person. */
    static void revoke(Connection connection, String user) throws SQLException {
        VOID.update(connection, user);
    }

    /** The person who has shown that {@code email} is theirs, if they can log in. */
    Optional<User> withEmail(String email) {
        return database.statement(connection -> BY_EMAIL.first(connection, User::of, email));
    }

    /** Notes that an address is somebody's, or that they have none; returns the one that they had. */
    static Optional<String> setEmail(Connection connection, String user, Optional<String> email) throws SQLException {
        return SET_EMAIL
                .first(connection, row -> Optional.ofNullable(row.getString(1)), email.orElse(null), user)
                .flatMap(former -> former);
    }

    /** Gives somebody another password, if the address is still theirs and they can log in. */
    static boolean setPassword(Connection connection, Proof proof, String hash) throws SQLException {
        return SET_PASSWORD.update(connection, hash, proof.user(), proof.email()) == 1;
    }

    private static Optional<Proof> proof(Sql sql, Connection connection, OneTimeToken token, String purpose)
            throws SQLException {
        return sql.first(
                connection,
                rows -> new Proof(rows.getString("user_id"), rows.getString("email")),
                purpose,
                token.hash(),
                token.hash(),
                token.hash());
    }
}
