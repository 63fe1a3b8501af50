package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.account.OneTimeToken;
import dev.tutti.chat.ConversationStore.Rules;
import dev.tutti.chat.GroupLinkStore.GroupLink;
import dev.tutti.chat.GroupLinkStore.LinkTarget;
import dev.tutti.chat.GroupLinkStore.NewLink;
import dev.tutti.chat.GroupLinkStore.Preview;
import dev.tutti.chat.quota.Cost;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.postgres.sql.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Links by which people come into groups by themselves. Owners make, list and revoke them. A link that is wrong, used up, revoked, or from
 * before somebody was taken out of the group has one answer, which tells nothing. Safe for use by many threads; blocks.
 */
final class GroupLinks {
    /** Those of one group that are good at a time. */
    static final int MOST = 20;

    private final Database database;
    private final ConversationMembers members;
    private final ConversationMembership membership;
    private final Quotas quotas;
    private final ConversationStore conversations = new ConversationStore();
    private final ConversationMemberStore memberStore = new ConversationMemberStore();
    private final GroupLinkStore store = new GroupLinkStore();

    GroupLinks(Database database, ConversationMembers members, ConversationMembership membership, Quotas quotas) {
        this.database = database;
        this.members = members;
        this.membership = membership;
        this.quotas = quotas;
    }

    /** One that was made just now, and its token, which is not kept. */
    record CreatedLink(GroupLink link, String token) {}

    /** Makes one by which {@code uses} people come in. */
    CreatedLink make(String conversation, String by, int uses, Duration ttl) {
        members.require(conversation, by);
        OneTimeToken token = OneTimeToken.fresh();
        NewLink fresh = new NewLink(Ids.next(), token, uses, ttl);
        List<Cost> costs = List.of(new Cost(Quota.BYTES, Messages.OVERHEAD));
        return quotas.charging(
                by,
                costs,
                () -> database.transaction(connection -> {
                    requireOwner(connection, conversation, by);
                    return store.add(connection, conversation, by, fresh, MOST)
                            .map(link -> new CreatedLink(link, token.text()))
                            .orElseThrow(() -> new TuttiException(
                                    ErrorCode.LIMIT_REACHED,
                                    "the group has " + MOST + " invitation links, which is the most; revoke some"));
                }));
    }

    /** Those that are good, the newest first. */
    List<GroupLink> of(String conversation, String by) {
        members.require(conversation, by); // so that a stranger cannot hold up those who come and go
        return database.transaction(connection -> {
            requireOwner(connection, conversation, by);
            return store.of(connection, conversation);
        });
    }

    /** Revokes one: nobody comes in by it any more. */
    void revoke(String conversation, String by, String id) {
        members.require(conversation, by);
        boolean revoked = database.transaction(connection -> {
            requireOwner(connection, conversation, by);
            return store.remove(connection, conversation, id);
        });
        if (!revoked) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is no such link");
        }
    }

    /** The part of the group that the link of {@code token} shows {@code user}. */
    Preview look(String token, String user) {
        byte[] hash = hash(token);
        return database.statement(connection -> store.look(connection, hash, user))
                .map(LinkTarget::preview)
                .orElseThrow(GroupLinks::refused);
    }

    /** {@code user} comes into the group of the link, whose id is answered. Without effect if they are in it. */
    String join(String token, String user) {
        byte[] hash = hash(token);
        LinkTarget target = database.statement(connection -> store.look(connection, hash, user))
                .orElseThrow(GroupLinks::refused);
        if (!target.member()) {
            List<Cost> costs = List.of(new Cost(Quota.BYTES, ConversationMembership.CHANGE_BYTES));
            return quotas.charging(user, costs, () -> {
                membership.follow(target.conversation(), hash, user);
                return target.conversation();
            });
        }
        return target.conversation();
    }

    private static byte[] hash(String token) {
        return OneTimeToken.parse(token).orElseThrow(GroupLinks::refused).hash();
    }

    /** The words are the same for all reasons. */
    static TuttiException refused() {
        return new TuttiException(ErrorCode.NOT_FOUND, "this link leads nowhere; ask for another one");
    }

    private void requireOwner(Connection connection, String conversation, String by) throws SQLException {
        Rules rules = conversations.lock(connection, conversation).orElseThrow(ConversationMembers::unknown);
        boolean owner = memberStore
                .find(connection, conversation, by)
                .orElseThrow(ConversationMembers::unknown)
                .owner();
        if (!rules.group() || !owner) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "only the owner of a group has links into it");
        }
    }
}
