package dev.tutti.chat;

import dev.tutti.account.Ids;
import dev.tutti.chat.ChatTransaction.Transaction;
import dev.tutti.chat.ConversationMemberStore.Member;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.core.input.Input;
import dev.tutti.postgres.sql.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Makes groups. Safe for use by many threads; blocks. */
final class ConversationCreation {
    /** Members that a group may begin with, besides who makes it. */
    static final int MOST_INVITED = 10_000;

    /** Members added in one transaction: their inboxes are locked until it ends, and others write there too. */
    private static final int BATCH = 250;

    private static final Member FROM_THE_START = Member.joining(false, 0, 0);

    private final Database database;
    private final ChatTransaction journal;
    private final Quotas quotas;
    private final ConversationStore conversations = new ConversationStore();
    private final InvitationStore invitations = new InvitationStore();
    private final ConversationMemberStore members = new ConversationMemberStore();

    ConversationCreation(Database database, ChatTransaction journal, Quotas quotas) {
        this.database = database;
        this.journal = journal;
        this.quotas = quotas;
    }

    /**
     * The id of a new group, which {@code owner} owns. Its members see it from the first message on. A large group is made
     * in several transactions: if this fails midway, the group is there with some of its members.
     */
    String group(String owner, String title, boolean open, List<String> invited) {
        SequencedSet<String> others = new TreeSet<>(invited);
        others.remove(owner);
        others.removeAll(
                database.statement(connection -> invitations.blocking(connection, List.copyOf(others), owner)));
        String id = Ids.next();
        List<String> waiting = new ArrayList<>(others);
        List<String> strangers = waiting.isEmpty()
                ? List.of()
                : database.statement(connection -> invitations.strangers(connection, waiting, owner));
        quotas.charge(owner, Quota.STREAMS, 1); // a group of nobody else has one, too, and leaves it behind
        if (!strangers.isEmpty()) {
            quotas.charge(owner, Quota.CONVERSATIONS, 1);
        }
        Set<String> unasked = Set.copyOf(strangers);
        List<String> first = waiting.subList(0, Math.min(BATCH, waiting.size()));
        journal.write(transaction -> {
            for (int start = 0; start < waiting.size(); start += 1_000) {
                Directory.require(
                        transaction.connection(), waiting.subList(start, Math.min(start + 1_000, waiting.size())));
            }
            conversations.addGroup(transaction.connection(), id, title, Input.folded(title), open, owner);
            ConversationMembership.requireRoom(members, transaction, List.of(owner));
            members.add(transaction.connection(), id, List.of(owner), Member.joining(true, 0, 0));
            add(transaction, id, first, unasked);
            tell(
                    transaction,
                    id,
                    Stream.concat(Stream.of(owner), first.stream()).toList());
            return true;
        });
        for (int start = first.size(); start < waiting.size(); start += BATCH) {
            List<String> batch = waiting.subList(start, Math.min(start + BATCH, waiting.size()));
            journal.write(transaction -> {
                conversations.lock(transaction.connection(), id);
                add(transaction, id, batch, unasked);
                tell(transaction, id, batch);
                return true;
            });
        }
        return id;
    }

    private void add(Transaction transaction, String conversation, List<String> users, Set<String> unasked)
            throws SQLException {
        List<String> strangers = users.stream().filter(unasked::contains).toList();
        ConversationMembership.requireRoom(members, transaction, users);
        ConversationMembership.requireRoomForStrangers(members, transaction, strangers);
        members.add(transaction.connection(), conversation, users, strangers, FROM_THE_START);
    }

    private void tell(Transaction transaction, String conversation, List<String> users) throws SQLException {
        transaction.tell(users.stream()
                .map(user -> journal.event(
                        ChatStreams.inbox(user), ChatStreams.JOINED, new ChatEvent.Joined(conversation, 0)))
                .toList());
    }
}
