package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Invitations to make an account here, in {@code tutti.server_invitation}. Safe for use by many threads; blocks. */
final class ServerInvitations {
    /** Those that are good at a time. */
    static final int MOST = 10_000;

    /** Those that have run out are forgotten whenever one is made. */
    private static final Sql ADD = new Sql("""
            with gone as (delete from tutti.server_invitation where expires_at <= now() or uses_left = 0)
            insert into tutti.server_invitation (id, token_hash, uses_left, created_by, expires_at)
            select ?, ?, ?, ?, now() + ? * interval '1 second'
            where (select count(*) from tutti.server_invitation where expires_at > now() and uses_left > 0) < ?
            returning *
            """);

    private static final Sql LIST = new Sql("""
            select * from tutti.server_invitation where expires_at > now() and uses_left > 0
            order by created_at desc, id limit ?
            """);

    private static final Sql REMOVE = new Sql("delete from tutti.server_invitation where id = ?");

    private static final Sql IS_GOOD = new Sql("""
            select 1 from tutti.server_invitation where token_hash = ? and expires_at > now() and uses_left > 0
            """);

    private static final Sql USE = new Sql("""
            update tutti.server_invitation set uses_left = uses_left - 1
            where token_hash = ? and expires_at > now() and uses_left > 0
            """);

    private final Database database;

    ServerInvitations(Database database) {
        this.database = database;
    }

    /** An invitation without its token. */
    record ServerInvitation(String id, int usesLeft, String createdBy, Instant createdAt, Instant expiresAt) {}

    /** One that was made just now, and its token, which is not kept. */
    record CreatedInvitation(ServerInvitation invitation, String token) {}

    /** Makes one for {@code uses} accounts. */
    CreatedInvitation make(String by, int uses, Duration ttl) {
        OneTimeToken token = OneTimeToken.fresh();
        return database.statement(connection -> ADD.first(
                        connection,
                        ServerInvitations::invitation,
                        Ids.next(),
                        token.hash(),
                        uses,
                        by,
                        (double) ttl.toSeconds(),
                        MOST))
                .map(invitation -> new CreatedInvitation(invitation, token.text()))
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.LIMIT_REACHED,
                        "there are " + MOST + " invitations, and no more may be; remove some"));
    }

    /** Those that are good, the newest first, at most {@code limit}. */
    List<ServerInvitation> list(int limit) {
        return database.statement(connection -> LIST.list(connection, ServerInvitations::invitation, limit));
    }

    /** Removes one; false if there is none. */
    boolean remove(String id) {
        return database.statement(connection -> REMOVE.update(connection, id)) == 1;
    }

    /** Throws {@link ErrorCode#FORBIDDEN} unless the token is good now: asked before what is costly. */
    void require(OneTimeToken token) {
        if (database.statement(connection -> IS_GOOD.first(connection, _ -> true, token.hash()))
                .isEmpty()) {
            throw refused();
        }
    }

    /** Uses it up once, in a transaction of the caller's; of several at the same moment only as many pass as it has uses. */
    static void use(Connection connection, OneTimeToken token) throws SQLException {
        if (USE.update(connection, token.hash()) == 0) {
            throw refused();
        }
    }

    static TuttiException refused() {
        return new TuttiException(
                ErrorCode.FORBIDDEN, "an account at this server needs an invitation, and this is none that is good");
    }

    private static ServerInvitation invitation(ResultSet rows) throws SQLException {
        return new ServerInvitation(
                rows.getString("id"),
                rows.getInt("uses_left"),
                rows.getString("created_by"),
                Sql.instant(rows, "created_at"),
                Sql.instant(rows, "expires_at"));
    }
}
