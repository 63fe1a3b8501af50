package dev.tutti.chat;

import dev.tutti.account.Ids;
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
import java.util.LinkedHashSet;
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

    /** Members looked up at once. */
    private static final int CHECKED = 1_000;

    private static final ConversationMember FROM_THE_START = ConversationMember.joining(false, 0, 0);

    private final Database database;
    private final ChatTransaction transactions;
    private final Quotas quotas;
    private final ConversationStore conversations = new ConversationStore();
    private final InvitationStore invitations = new InvitationStore();
    private final ConversationMemberStore members = new ConversationMemberStore();
    private final SummaryStore summaries = new SummaryStore();

    /**
     * The people with whom a group begins, besides its owner.
     *
     * @param all in the order in which they are added
     * @param unasked those of them with whom the owner does not talk
     */
    private record FirstMembers(List<String> all, Set<String> unasked) {
        /** Those from {@code start} on, at most {@code count}. */
        List<String> from(int start, int count) {
            return all.subList(start, Math.min(start + count, all.size()));
        }

        List<String> unaskedAmong(List<String> users) {
            return users.stream().filter(unasked::contains).toList();
        }
    }

    ConversationCreation(Database database, ChatTransaction transactions, Quotas quotas) {
        this.database = database;
        this.transactions = transactions;
        this.quotas = quotas;
    }

    /**
     * The id of a new group, which {@code owner} owns. Its members see it from the first message on. A large group is made
     * in several transactions, of which the last one tells all members how many they are: if this fails midway, the group is
     * there with some of its members, who are not told. It does not fail for what happens between them: people who were brought
     * in by others are in it, those who can be in no more conversations by then are left out, and so are all who are left when the
     * group was closed.
     */
    String group(String owner, String title, boolean open, List<String> invited) {
        FirstMembers others = firstMembers(owner, invited);
        String id = Ids.next();
        List<String> first = others.from(0, BATCH);
        boolean goesOn = quotas.charging(
                owner,
                costs(others),
                () -> transactions.write(transaction -> {
                    requireRoom(transaction, owner, others);
                    conversations.addGroup(transaction.connection(), id, title, Input.folded(title), open, owner);
                    members.add(transaction.connection(), id, List.of(owner), ConversationMember.joining(true, 0, 0));
                    members.add(transaction.connection(), id, first, others.unaskedAmong(first), FROM_THE_START);
                    tell(
                            transaction,
                            id,
                            Stream.concat(Stream.of(owner), first.stream()).toList());
                    return true;
                }));
        int count = others.all().size();
        for (int start = first.size(); goesOn && start < count; start += BATCH) {
            List<String> batch = others.from(start, BATCH);
            boolean last = start + BATCH >= count;
            goesOn = transactions.write(transaction -> add(transaction, id, batch, others, last));
        }
        return id;
    }

    /** Those of {@code invited} who do not block {@code owner}. */
    private FirstMembers firstMembers(String owner, List<String> invited) {
        SequencedSet<String> others = new TreeSet<>(invited);
        others.remove(owner);
        others.removeAll(
                database.statement(connection -> invitations.blocking(connection, List.copyOf(others), owner)));
        List<String> all = new ArrayList<>(others);
        List<String> strangers = all.isEmpty()
                ? List.of()
                : database.statement(connection -> invitations.strangers(connection, all, owner));
        return new FirstMembers(all, Set.copyOf(strangers));
    }

    private static List<Cost> costs(FirstMembers others) {
        List<Cost> costs = new ArrayList<>();
        costs.add(new Cost(
                Quota.BYTES, ConversationMembership.CHANGE_BYTES * others.all().size()));
        costs.add(new Cost(Quota.STREAMS, 1)); // a group of nobody else has one, too, and leaves it behind
        if (!others.unasked().isEmpty()) {
            costs.add(new Cost(Quota.CONVERSATIONS, 1));
        }
        return costs;
    }

    /** Refuses people who are not there, or can be in no more conversations. */
    private void requireRoom(Transaction transaction, String owner, FirstMembers others) throws SQLException {
        Directory.require(transaction.connection(), List.of(owner));
        ConversationMembership.requireRoom(members, transaction, List.of(owner));
        for (int start = 0; start < others.all().size(); start += CHECKED) {
            List<String> some = others.from(start, CHECKED);
            Directory.require(transaction.connection(), some);
            ConversationMembership.requireRoom(members, transaction, some);
            ConversationMembership.requireRoomForStrangers(members, transaction, others.unaskedAmong(some));
        }
    }

    /** Adds those of {@code users}, perhaps the last ones, who can be in the group; false if nobody can, because it was closed. */
    private boolean add(
            Transaction transaction, String conversation, List<String> users, FirstMembers others, boolean last)
            throws SQLException {
        Rules rules = conversations.lock(transaction.connection(), conversation).orElseThrow();
        if (rules.memberCount() == 0) {
            return false;
        }
        Set<String> free = new LinkedHashSet<>(users);
        free.retainAll(Directory.present(transaction.connection(), users).keySet());
        members.full(transaction.connection(), users, ConversationMembership.MOST_CONVERSATIONS)
                .forEach(free::remove);
        members.fullOfStrangers(
                        transaction.connection(), others.unaskedAmong(users), ConversationMembership.MOST_UNASKED)
                .forEach(free::remove);
        List<String> joining = free.stream()
                .limit(Math.max(0, ConversationMembership.MOST_MEMBERS - rules.memberCount()))
                .toList();
        List<String> added = members.add(
                transaction.connection(), conversation, joining, others.unaskedAmong(joining), FROM_THE_START);
        if (last) {
            tellCount(transaction, conversation, rules.memberCount() + added.size());
        }
        tell(transaction, conversation, added);
        return true;
    }

    /** Those who came with the first transactions have been told of the group when it had fewer members. */
    private void tellCount(Transaction transaction, String conversation, int memberCount) throws SQLException {
        long seq = transaction
                .tell(
                        ChatStreams.conversation(conversation),
                        ChatStreams.MEMBERS,
                        new ChatEvent.MemberCount(memberCount))
                .seq();
        summaries.follow(transaction.connection(), conversation, seq);
    }

    private void tell(Transaction transaction, String conversation, List<String> users) throws SQLException {
        List<Appended> told = transaction.tell(users.stream()
                .map(user -> transactions.event(
                        ChatStreams.inbox(user), ChatStreams.JOINED, new ChatEvent.Joined(conversation, 0)))
                .toList());
        members.told(transaction.connection(), conversation, users, told);
    }
}
