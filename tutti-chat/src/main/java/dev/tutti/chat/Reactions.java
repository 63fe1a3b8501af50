package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.chat.ChatTransaction.Transaction;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.chat.ReactionStore.Held;
import dev.tutti.chat.quota.Cost;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.postgres.sql.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds people's reactions to messages and takes them back. Safe for use by many threads; blocks. */
final class Reactions {
    /** Different ones of a message. */
    static final int MOST = 20;

    private static final Logger log = LoggerFactory.getLogger(Reactions.class);

    private final Database database;
    private final Messages messages;
    private final ChatTransaction transactions;
    private final Quotas quotas;
    private final ReactionStore store = new ReactionStore();
    private final ChangeStore changes = new ChangeStore();
    private final ConversationMemberStore members = new ConversationMemberStore();
    private final SummaryStore summaries = new SummaryStore();

    Reactions(Database database, Messages messages, ChatTransaction transactions, Quotas quotas) {
        this.database = database;
        this.messages = messages;
        this.transactions = transactions;
        this.quotas = quotas;
    }

    /** Adds {@code user}'s reaction. The message's reactions are answered; without effect if it was there. */
    List<Reaction> add(String conversation, String user, long seq, String emoji) {
        ChatMessage sent = messages.require(conversation, user, seq);
        Place message = new Place(conversation, seq);
        List<Cost> costs = List.of(new Cost(Quota.BYTES, 2L * Messages.OVERHEAD)); // the event, and the row
        prune();
        return quotas.charging(
                user,
                costs,
                () -> transactions.write(transaction -> {
                    Messages.requireOpen(hold(transaction, conversation, user));
                    Held held = store.holdOrMake(transaction.connection(), message, sent.at());
                    if (isDeleted(transaction, message, held)) {
                        throw new TuttiException(ErrorCode.CONFLICT, "the message was deleted");
                    }
                    if (store.add(transaction.connection(), message, user, emoji)) {
                        Map<String, Long> counts = held.counts();
                        long count = counts.merge(emoji, 1L, Long::sum);
                        if (counts.size() > MOST) {
                            throw new TuttiException(
                                    ErrorCode.CONFLICT,
                                    "the message has " + MOST + " different reactions; it takes no others");
                        }
                        store.count(transaction.connection(), message, counts);
                        tell(transaction, message, new ChatEvent.Reacted(seq, user, emoji, true, count));
                    }
                    return now(transaction, message, user);
                }));
    }

    /** Forgets some reactions to messages that are not kept any more; what it cannot is left to the next one who reacts. */
    private void prune() {
        try {
            database.transaction(connection -> {
                store.prune(connection);
                return true;
            });
        } catch (TuttiException failure) {
            log.debug("Reactions to messages that are not kept any more stay for now", failure);
        }
    }

    /** Takes {@code user}'s reaction back. The message's reactions are answered; without effect if it was not there. */
    List<Reaction> remove(String conversation, String user, long seq, String emoji) {
        messages.require(conversation, user, seq);
        Place message = new Place(conversation, seq);
        List<Cost> costs = List.of(new Cost(Quota.BYTES, Messages.OVERHEAD));
        return quotas.charging(
                user,
                costs,
                () -> transactions.write(transaction -> {
                    hold(transaction, conversation, user);
                    Held held = store.hold(transaction.connection(), message).orElse(null);
                    if (held == null || isDeleted(transaction, message, held)) {
                        return List.of();
                    }
                    if (store.remove(transaction.connection(), message, user, emoji)) {
                        Map<String, Long> counts = held.counts();
                        Long left = counts.computeIfPresent(emoji, (_, before) -> before > 1 ? before - 1 : null);
                        store.count(transaction.connection(), message, counts);
                        long count = left == null ? 0 : left;
                        tell(transaction, message, new ChatEvent.Reacted(seq, user, emoji, false, count));
                    }
                    return now(transaction, message, user);
                }));
    }

    /** An instance of the release before deletes a message and not its reactions. */
    private boolean isDeleted(Transaction transaction, Place message, Held held) throws SQLException {
        return held.deleted()
                || changes.deletion(transaction.connection(), message).isPresent();
    }

    private List<Reaction> now(Transaction transaction, Place message, String user) throws SQLException {
        return store.of(transaction.connection(), user, List.of(message)).getOrDefault(message, List.of());
    }

    private ConversationMember hold(Transaction transaction, String conversation, String user) throws SQLException {
        return members.hold(transaction.connection(), conversation, user).orElseThrow(ConversationMembers::unknown);
    }

    private void tell(Transaction transaction, Place message, ChatEvent event) throws SQLException {
        long told = transaction
                .tell(ChatStreams.conversation(message.conversation()), ChatStreams.REACTED, event)
                .seq();
        summaries.follow(transaction.connection(), message.conversation(), told);
    }
}
