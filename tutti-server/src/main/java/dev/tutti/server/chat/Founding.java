package dev.tutti.server.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.account.Ids;
import dev.tutti.server.chat.Journal.Transaction;
import dev.tutti.server.chat.MemberStore.Member;
import dev.tutti.server.input.Input;
import dev.tutti.stream.Append;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

/** Makes conversations. Safe for use by many threads; blocks. */
final class Founding {
    /** Members that a group may begin with, besides who makes it. */
    static final int MOST_INVITED = 10_000;

    /** Members added in one transaction: their inboxes are locked until it ends, and others write there too. */
    private static final int BATCH = 250;

    private static final Member FROM_THE_START = new Member(false, 0, 0);

    private final Journal journal;
    private final ConversationStore conversations = new ConversationStore();
    private final MemberStore members = new MemberStore();

    Founding(Journal journal) {
        this.journal = journal;
    }

    /** The id of the conversation of two people, always the same one. */
    String direct(String user, String other) {
        if (user.equals(other)) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "user is yourself; a conversation takes two");
        }
        String pair = user.compareTo(other) < 0 ? user + "," + other : other + "," + user;
        String fresh = Ids.next();
        return journal.write(transaction -> {
            // of two who do this at once the second waits here for the first, and then finds what that made
            if (!conversations.addDirect(transaction.connection(), fresh, pair)) {
                return conversations
                        .ofPair(transaction.connection(), pair)
                        .orElseThrow(() -> new IllegalStateException("conversation of " + pair + " has vanished"));
            }
            add(transaction, fresh, List.of(user, other));
            return fresh;
        });
    }

    /**
     * The id of a new group, which {@code owner} owns. Its members see it from the first message on. A large group is made
     * in several transactions: if this fails midway, the group is there with some of its members.
     */
    String group(String owner, String title, boolean open, List<String> invited) {
        SequencedSet<String> others = new TreeSet<>(invited);
        others.remove(owner);
        String id = Ids.next();
        List<String> waiting = new ArrayList<>(others);
        journal.write(transaction -> {
            for (int start = 0; start < waiting.size(); start += 1_000) {
                Directory.require(
                        transaction.connection(), waiting.subList(start, Math.min(start + 1_000, waiting.size())));
            }
            conversations.addGroup(transaction.connection(), id, title, Input.folded(title), open);
            Membership.requireRoom(members, transaction, List.of(owner));
            members.add(transaction.connection(), id, List.of(owner), new Member(true, 0, 0));
            transaction.tell(Names.inbox(owner), Names.JOINED, new ChatEvent.Joined(id, 0));
            return true;
        });
        for (int start = 0; start < waiting.size(); start += BATCH) {
            List<String> batch = waiting.subList(start, Math.min(start + BATCH, waiting.size()));
            journal.write(transaction -> {
                conversations.lock(transaction.connection(), id);
                add(transaction, id, batch);
                return true;
            });
        }
        return id;
    }

    private void add(Transaction transaction, String conversation, List<String> users) throws SQLException {
        Directory.require(transaction.connection(), users);
        Membership.requireRoom(members, transaction, users);
        members.add(transaction.connection(), conversation, users, FROM_THE_START);
        List<Append> news = users.stream()
                .map(user -> journal.event(Names.inbox(user), Names.JOINED, new ChatEvent.Joined(conversation, 0)))
                .toList();
        transaction.tell(news);
    }
}
