package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.util.List;

/**
 * The chat's part of the deletion of an account. The account leaves its groups and its open invitations; direct conversations
 * stay, for the other one, and so does what it wrote anywhere. Idempotent. Safe for use by many threads; blocks.
 */
final class AccountDeletion {
    private static final Sql GROUPS = new Sql("""
            select m.conversation_id from tutti.member m join tutti.conversation c on c.id = m.conversation_id
            where m.user_id = ? and c.kind = 'group'
            """);

    private static final Sql DECLINE = new Sql("""
            update tutti.invitation set declined_at = now()
            where (founder = ? or invited = ?) and declined_at is null
            """);

    private static final List<Sql> FORGET = List.of(
            new Sql("delete from tutti.last_seen where user_id = ?"),
            new Sql("delete from tutti.usage where user_id = ?"),
            new Sql("delete from tutti.group_removal where user_id = ?"));

    private final Database database;
    private final ConversationMembership membership;

    AccountDeletion(Database database, ConversationMembership membership) {
        this.database = database;
        this.membership = membership;
    }

    void delete(String user) {
        List<String> groups =
                database.statement(connection -> GROUPS.list(connection, rows -> rows.getString(1), user));
        groups.forEach(group -> leave(group, user));
        database.transaction(connection -> {
            DECLINE.update(connection, user, user);
            for (Sql forget : FORGET) {
                forget.update(connection, user);
            }
            return true;
        });
    }

    private void leave(String group, String user) {
        try {
            membership.remove(group, user, user);
        } catch (TuttiException refused) {
            if (refused.code() != ErrorCode.NOT_FOUND) { // the owner was quicker
                throw refused;
            }
        }
    }
}
