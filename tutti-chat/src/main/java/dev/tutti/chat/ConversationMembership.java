package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.User;
import dev.tutti.chat.ChatTransaction.Transaction;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.chat.ConversationStore.Rules;
import dev.tutti.chat.quota.Cost;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.core.input.Input;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.Appended;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * People come into conversations and leave them. Changes of one conversation are made one after the other. Safe for use
 * by many threads; blocks.
 *
 * <p>When the owner of a group leaves, who has been in it for longest owns it. When the last one leaves, it is closed:
 * nobody can come back, and it is found no more.
 */
final class ConversationMembership {
    /** People in one conversation. */
    static final int MOST_MEMBERS = 20_000;

    /** Conversations of one person. They are all listed at once, and all followed in one subscription. */
    static final int MOST_CONVERSATIONS = 1_000;

    /** Conversations of one person into which strangers have brought them, and which they have not read. */
    static final int MOST_UNASKED = 100;

    /** The bytes that coming into a conversation or leaving it takes: an event for all, one in the inbox, the row. */
    static final long CHANGE_BYTES = 2L * Messages.OVERHEAD;

    private final Database database;
    private final ChatTransaction transactions;
    private final Quotas quotas;
    private final InvitationStore invitations = new InvitationStore();
    private final GroupLinkStore links = new GroupLinkStore();
    private final SummaryStore summaries = new SummaryStore();
    private final ConversationMembers members;
    private final ConversationLocks locks;
    private final ConversationStore conversations = new ConversationStore();
    private final ConversationMemberStore store = new ConversationMemberStore();

    ConversationMembership(
            Database database,
            ChatTransaction transactions,
            Quotas quotas,
            ConversationMembers members,
            ConversationLocks locks) {
        this.database = database;
        this.transactions = transactions;
        this.quotas = quotas;
        this.members = members;
        this.locks = locks;
    }

    /** {@code by}, who is in the group, brings {@code user} in. Without effect if they are in it. */
    void add(String conversation, String by, String user) {
        members.require(conversation, by); // so that nobody is charged for what is refused anyway
        if (database.statement(connection -> invitations.blocking(connection, List.of(user), by))
                .contains(user)) {
            return; // who is blocked is not told
        }
        List<String> strangers = database.statement(connection -> invitations.strangers(connection, List.of(user), by));
        List<Cost> costs = new ArrayList<>(costOfComing(conversation, user));
        if (!user.equals(by) && !strangers.isEmpty()) {
            costs.add(new Cost(Quota.CONVERSATIONS, 1));
        }
        boolean _ = quotas.charging(
                by,
                costs,
                () -> transactions.write(transaction -> {
                    Rules rules = lock(transaction, conversation);
                    member(transaction, conversation, by);
                    requireGroup(rules);
                    enter(transaction, conversation, rules, user, strangers, by);
                    return true;
                }));
    }

    /** {@code user} comes into an open group. Without effect if they are in it. */
    void join(String conversation, String user) {
        boolean _ = quotas.charging(
                user,
                costOfComing(conversation, user),
                () -> transactions.write(transaction -> {
                    Rules rules = lock(transaction, conversation);
                    boolean joinable = rules.open() && rules.memberCount() > 0;
                    if (!joinable
                            && store.find(transaction.connection(), conversation, user)
                                    .isEmpty()) {
                        throw ConversationMembers.unknown();
                    }
                    enter(transaction, conversation, rules, user, List.of(), user);
                    return true;
                }));
    }

    /** Also for leaving, which is never refused: whoever is in it already comes for nothing. */
    private List<Cost> costOfComing(String conversation, String user) {
        boolean isMember = database.statement(connection -> store.find(connection, conversation, user))
                .isPresent();
        return isMember ? List.of() : List.of(new Cost(Quota.BYTES, 2 * CHANGE_BYTES));
    }

    /** {@code user} comes into the group by the link of {@code hash}. Without effect, and no use of the link, if they are in it. */
    void follow(String conversation, byte[] hash, String user) {
        transactions.write(transaction -> {
            Rules rules = lock(transaction, conversation);
            if (store.find(transaction.connection(), conversation, user).isPresent()) {
                return true;
            }
            if (rules.memberCount() == 0 || !links.use(transaction.connection(), hash, user)) {
                throw GroupLinks.refused();
            }
            enter(transaction, conversation, rules, user, List.of(), user);
            return true;
        });
    }

    /** {@code by} takes {@code user} out: themselves, or anyone if they own the group. */
    void remove(String conversation, String by, String user) {
        members.require(conversation, by); // so that a stranger cannot hold up those who write
        locks.alone(conversation, () -> {
            try {
                return transactions.write(transaction -> leave(transaction, conversation, by, user));
            } finally {
                members.forget(conversation, user); // even if it is unknown whether it was done
            }
        });
    }

    /** {@code by}, who owns the group, gives it another title. */
    void rename(String conversation, String by, String title) {
        members.require(conversation, by);
        List<Cost> costs = List.of(new Cost(Quota.BYTES, Messages.OVERHEAD + 2L * title.length()));
        boolean _ = quotas.charging(
                by,
                costs,
                () -> transactions.write(transaction -> {
                    Rules rules = lock(transaction, conversation);
                    ConversationMember acting = member(transaction, conversation, by);
                    requireGroup(rules);
                    if (!acting.owner()) {
                        throw new TuttiException(ErrorCode.FORBIDDEN, "only the owner renames a group");
                    }
                    conversations.rename(transaction.connection(), conversation, title, Input.folded(title));
                    long seq = transaction
                            .tell(
                                    ChatStreams.conversation(conversation),
                                    ChatStreams.RENAMED,
                                    new ChatEvent.Renamed(title, by))
                            .seq();
                    summaries.follow(transaction.connection(), conversation, seq);
                    return true;
                }));
    }

    private void enter(
            Transaction transaction, String conversation, Rules rules, String user, List<String> unasked, String by)
            throws SQLException {
        User joining =
                Directory.require(transaction.connection(), List.of(user)).get(user);
        if (joining == null
                || store.find(transaction.connection(), conversation, user).isPresent()) {
            return;
        }
        if (rules.memberCount() >= MOST_MEMBERS) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED, "the group has " + MOST_MEMBERS + " members, which is the most");
        }
        requireRoom(store, transaction, List.of(user));
        requireRoomForStrangers(store, transaction, unasked);
        long seq = transaction
                .tell(
                        ChatStreams.conversation(conversation),
                        ChatStreams.MEMBER_JOINED,
                        new ChatEvent.MemberJoined(joining, by))
                .seq();
        summaries.follow(transaction.connection(), conversation, seq);
        ConversationMember member = ConversationMember.joining(false, seq - 1, seq);
        store.add(transaction.connection(), conversation, List.of(user), unasked, member);
        Appended told = transaction.tell(
                ChatStreams.inbox(user), ChatStreams.JOINED, new ChatEvent.Joined(conversation, seq - 1));
        store.told(transaction.connection(), conversation, List.of(user), List.of(told));
    }

    private boolean leave(Transaction transaction, String conversation, String by, String user) throws SQLException {
        Rules rules = lock(transaction, conversation);
        ConversationMember acting = member(transaction, conversation, by);
        requireGroup(rules);
        if (!by.equals(user) && !acting.owner()) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "only the owner takes others out of a group");
        }
        if (store.find(transaction.connection(), conversation, user).isEmpty()) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is no such member");
        }
        store.remove(transaction.connection(), conversation, user);
        if (!by.equals(user)) {
            links.removed(transaction.connection(), conversation, user);
        }
        String heir = store.inherit(transaction.connection(), conversation).orElse(null);
        long seq = transaction
                .tell(
                        ChatStreams.conversation(conversation),
                        ChatStreams.MEMBER_LEFT,
                        new ChatEvent.MemberLeft(user, by, heir))
                .seq();
        summaries.follow(transaction.connection(), conversation, seq);
        transaction.tell(ChatStreams.inbox(user), ChatStreams.LEFT, new ChatEvent.Left(conversation, seq));
        return true;
    }

    private Rules lock(Transaction transaction, String conversation) throws SQLException {
        return conversations.lock(transaction.connection(), conversation).orElseThrow(ConversationMembers::unknown);
    }

    private ConversationMember member(Transaction transaction, String conversation, String user) throws SQLException {
        return store.find(transaction.connection(), conversation, user).orElseThrow(ConversationMembers::unknown);
    }

    /** Refuses people who are in too many conversations. */
    static void requireRoom(ConversationMemberStore store, Transaction transaction, List<String> users)
            throws SQLException {
        List<String> full = store.full(transaction.connection(), users, MOST_CONVERSATIONS);
        if (!full.isEmpty()) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "user " + full.getFirst() + " is in " + MOST_CONVERSATIONS + " conversations, which is the most");
        }
    }

    /** Refuses to bring those into one more group who are in many of strangers, and have not looked. */
    static void requireRoomForStrangers(ConversationMemberStore store, Transaction transaction, List<String> unasked)
            throws SQLException {
        List<String> full = store.fullOfStrangers(transaction.connection(), unasked, MOST_UNASKED);
        if (!full.isEmpty()) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "user " + full.getFirst() + " is in " + MOST_UNASKED
                            + " groups that they have not agreed to, which is the most");
        }
    }

    private static void requireGroup(Rules rules) {
        if (!rules.group()) {
            throw new TuttiException(ErrorCode.CONFLICT, "a direct conversation is always of the same two people");
        }
    }
}
