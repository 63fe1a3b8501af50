package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.account.User;
import dev.tutti.chat.ChatTransaction.Transaction;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.chat.InvitationStore.Invitation;
import dev.tutti.chat.quota.Cost;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.Appended;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Direct conversations, which begin as an invitation: the founder is in it, and the other one when they accept, or answer.
 * They are told with the first message. So nobody's conversations are filled by strangers. Safe for use by many threads;
 * blocks.
 */
final class Invitations {
    /** Open ones of one founder. */
    static final int MOST_OF_FOUNDER = 50;

    /** Open ones to one person; the oldest make way. */
    static final int MOST_OF_INVITED = 100;

    /** How long a no is one: the founder may ask again then. */
    private static final Duration PAUSE = Duration.ofDays(30);

    private static final ConversationMember FROM_THE_START = ConversationMember.joining(false, 0, 0);

    private final Database database;
    private final ChatTransaction transactions;
    private final Quotas quotas;
    private final ConversationMembers remembered;
    private final ConversationStore conversations = new ConversationStore();
    private final InvitationStore invitations = new InvitationStore();
    private final ConversationMemberStore members = new ConversationMemberStore();

    Invitations(Database database, ChatTransaction transactions, Quotas quotas, ConversationMembers remembered) {
        this.database = database;
        this.transactions = transactions;
        this.quotas = quotas;
        this.remembered = remembered;
    }

    /** The id of the conversation of two people, always the same one. {@code user} is in it then if they were invited to it. */
    String found(String user, String other) {
        if (user.equals(other)) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "user is yourself; a conversation takes two");
        }
        String pair = user.compareTo(other) < 0 ? user + "," + other : other + "," + user;
        boolean isNew = database.statement(connection -> conversations.ofPair(connection, pair))
                .isEmpty();
        List<Cost> costs = isNew ? List.of(new Cost(Quota.CONVERSATIONS, 1)) : List.of();
        String fresh = Ids.next();
        String conversation = quotas.charging(
                user,
                costs,
                () -> transactions.write(transaction -> {
                    // of two who do this at once the second waits here for the first, and then finds what that made
                    if (conversations.addDirect(transaction.connection(), fresh, pair)) {
                        invite(transaction, fresh, new Invitation(user, other));
                        return fresh;
                    }
                    String known = conversations
                            .ofPair(transaction.connection(), pair)
                            .orElseThrow(() -> new IllegalStateException("conversation of " + pair + " has vanished"));
                    if (!accept(transaction, known, user)) {
                        invitations.repeat(transaction.connection(), known, user, PAUSE);
                    }
                    return known;
                }));
        remembered.forget(conversation, user); // where it is open again, the next message tells of it
        return conversation;
    }

    private void invite(Transaction transaction, String conversation, Invitation invitation) throws SQLException {
        String founder = invitation.founder();
        Directory.require(transaction.connection(), List.of(founder, invitation.invited()));
        if (invitations.openOf(transaction.connection(), founder, MOST_OF_FOUNDER) == MOST_OF_FOUNDER) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "you have " + MOST_OF_FOUNDER + " invitations that nobody has answered, which is the most");
        }
        ConversationMembership.requireRoom(members, transaction, List.of(founder));
        members.add(transaction.connection(), conversation, List.of(founder), FROM_THE_START);
        invitations.add(transaction.connection(), conversation, invitation);
        Appended told =
                transaction.tell(ChatStreams.inbox(founder), ChatStreams.JOINED, new ChatEvent.Joined(conversation, 0));
        members.told(transaction.connection(), conversation, List.of(founder), List.of(told));
    }

    /** Tells the invited of the conversation, in which there is a message now. Without effect if they know. */
    void tell(String conversation) {
        transactions.write(transaction -> {
            if (invitations.declineBlocked(transaction.connection(), conversation)) {
                return true; // as if the invited had said no, which nobody is told either
            }
            Invitation told =
                    invitations.tell(transaction.connection(), conversation).orElse(null);
            if (told != null) {
                User founder =
                        Objects.requireNonNull(Directory.require(transaction.connection(), List.of(told.founder()))
                                .get(told.founder()));
                invitations.declineOldest(transaction.connection(), told.invited(), MOST_OF_INVITED);
                transaction.tell(
                        ChatStreams.inbox(told.invited()),
                        ChatStreams.INVITED,
                        new ChatEvent.Invited(conversation, founder));
            }
            return true;
        });
    }

    /** {@code user} comes into the conversation; false if they were not invited to it. */
    boolean accept(String conversation, String user) {
        return transactions.write(transaction -> accept(transaction, conversation, user));
    }

    private boolean accept(Transaction transaction, String conversation, String user) throws SQLException {
        Invitation invitation =
                invitations.find(transaction.connection(), conversation).orElse(null);
        if (invitation == null || !invitation.invited().equals(user)) {
            return false;
        }
        ConversationMembership.requireRoom(members, transaction, List.of(user));
        invitations.remove(transaction.connection(), conversation);
        members.add(transaction.connection(), conversation, List.of(user), FROM_THE_START);
        List<Appended> told = transaction.tell(List.of(
                transactions.event(ChatStreams.inbox(user), ChatStreams.JOINED, new ChatEvent.Joined(conversation, 0)),
                transactions.event(
                        ChatStreams.inbox(invitation.founder()),
                        ChatStreams.ACCEPTED,
                        new ChatEvent.Accepted(conversation))));
        members.told(transaction.connection(), conversation, List.of(user), List.of(told.getFirst()));
        return true;
    }

    /** {@code user} does not want to. The founder is not told; without effect if there is nothing to decline. */
    void decline(String conversation, String user) {
        transactions.write(transaction -> {
            if (invitations.decline(transaction.connection(), conversation, user)) {
                transaction.tell(ChatStreams.inbox(user), ChatStreams.DECLINED, new ChatEvent.Declined(conversation));
            }
            return true;
        });
    }
}
