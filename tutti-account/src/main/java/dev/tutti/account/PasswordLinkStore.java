package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tokens with which somebody sets a password, at the wish of an operator, in {@code tutti.password_link}: one for an account. Safe for
 * use by many threads; blocks.
 */
final class PasswordLinkStore {
    /** A newer one makes the one before void. */
    private static final Sql PUT = new Sql("""
            insert into tutti.password_link (user_id, token_hash, expires_at)
            values (?, ?, now() + ? * interval '1 second')
            on conflict (user_id) do update
                set token_hash = excluded.token_hash, expires_at = excluded.expires_at
            returning expires_at
            """);

    private static final Sql FIND =
            new Sql("select user_id from tutti.password_link where token_hash = ? and expires_at > now()");

    private static final Sql TAKE = new Sql("""
            delete from tutti.password_link where token_hash = ? and expires_at > now() returning user_id
            """);

    private static final Sql REVOKE = new Sql("delete from tutti.password_link where user_id = ?");

    private final Database database;

    PasswordLinkStore(Database database) {
        this.database = database;
    }

    /** Keeps the hash of {@code token}, and answers until when it is good, in a transaction of the caller's. */
    static Instant put(Connection connection, String user, OneTimeToken token, Duration ttl) throws SQLException {
        return PUT.first(connection, rows -> Sql.instant(rows, "expires_at"), user, token.hash(), (double)
                        ttl.toSeconds())
                .orElseThrow();
    }

    /** The id of the account for which {@code token} is good; it stays so. */
    Optional<String> find(OneTimeToken token) {
        return database.statement(connection -> FIND.first(connection, rows -> rows.getString(1), token.hash()));
    }

    /** The id of the account for which {@code token} is good, until the transaction has ended. */
    static Optional<String> take(Connection connection, OneTimeToken token) throws SQLException {
        return TAKE.first(connection, rows -> rows.getString(1), token.hash());
    }

    /** Makes the token of {@code user} void, if there is one. */
    static void revoke(Connection connection, String user) throws SQLException {
        REVOKE.update(connection, user);
    }
}
