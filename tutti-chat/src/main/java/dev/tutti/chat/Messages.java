package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.chat.ChatTransaction.Transaction;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.chat.ConversationMembers.Look;
import dev.tutti.chat.quota.Cost;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Streams;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Event;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends, edits and deletes messages. Safe for use by many threads; blocks. */
final class Messages {
    /** The bytes that an event takes beside its data: about a row with its index entries. */
    static final int OVERHEAD = 200;

    private static final Logger log = LoggerFactory.getLogger(Messages.class);

    private final Streams streams;
    private final ChatTransaction transactions;
    private final ConversationMembers members;
    private final Invitations invitations;
    private final Quotas quotas;
    private final ConversationLocks locks;
    private final AttachedFiles attachedFiles;
    private final JsonCodec json;
    private final AttachmentStore attachmentStore = new AttachmentStore();
    private final ConversationMemberStore memberStore = new ConversationMemberStore();
    private final WordStore words = new WordStore();
    private final ChangeStore changes = new ChangeStore();
    private final ReactionStore reactions = new ReactionStore();
    private final SummaryStore summaries = new SummaryStore();

    Messages(
            Streams streams,
            ChatTransaction transactions,
            ConversationMembers members,
            Invitations invitations,
            Quotas quotas,
            ConversationLocks locks,
            AttachedFiles attachedFiles,
            JsonCodec json) {
        this.streams = streams;
        this.transactions = transactions;
        this.members = members;
        this.invitations = invitations;
        this.quotas = quotas;
        this.locks = locks;
        this.attachedFiles = attachedFiles;
        this.json = json;
    }

    /**
     * Writes a message, one event. Sent again with the same {@code id} it is the same message. To answer is to accept, if the
     * sender was invited to the conversation.
     *
     * @param files the ids of files of the sender's that go with it
     * @param replyTo the seq of a message in the conversation that it answers
     */
    Appended send(
            String conversation, String sender, String id, String text, List<String> files, @Nullable Long replyTo) {
        if (members.find(conversation, sender).isEmpty() && !invitations.accept(conversation, sender)) {
            throw ConversationMembers.unknown();
        }
        if (replyTo != null) {
            long _ = require(conversation, sender, replyTo).seq();
        }
        List<Attachment> attachments =
                files.stream().map(file -> attachment(sender, file)).toList();
        Append message = new Append(
                ChatStreams.conversation(conversation),
                ChatStreams.MESSAGE,
                json.write(new ChatEvent.Sent(sender, text, attachments, replyTo)),
                key(sender, id));
        List<Cost> costs =
                List.of(new Cost(Quota.BYTES, OVERHEAD + message.data().length()));
        return locks.together(conversation, () -> {
            ConversationMember member = requireOpen(members.require(conversation, sender));
            Appended sent = quotas.charging(
                    sender, costs, () -> write(conversation, sender, message, attachments), Appended::repeated);
            if (member.untold()) {
                invitations.tell(conversation);
            }
            return sent;
        });
    }

    private Appended write(String conversation, String sender, Append message, List<Attachment> attachments) {
        return attachments.isEmpty()
                ? append(conversation, sender, message)
                : transactions.write(transaction -> attach(transaction, conversation, sender, message, attachments));
    }

    /**
     * The look at the membership and the append are not one transaction, so that messages of many are. One that has waited until the
     * look is old is not written: another instance may have taken its sender out meanwhile. It has another try behind another look.
     */
    private Appended append(String conversation, String sender, Append message) {
        try {
            return streams.append(message, look(conversation, sender));
        } catch (NothingAppendedException late) {
            if (late.code() != ErrorCode.TIMEOUT) {
                throw late;
            }
        }
        members.forget(conversation, sender);
        try {
            return streams.append(message, look(conversation, sender));
        } catch (NothingAppendedException late) {
            throw late.code() == ErrorCode.TIMEOUT
                    ? new TuttiException(ErrorCode.OVERLOADED, "the conversation is busy; nothing was done", late)
                    : late;
        }
    }

    private Deadline look(String conversation, String sender) {
        Look look = members.look(conversation, sender);
        requireOpen(look.member());
        return look.goodUntil();
    }

    private Attachment attachment(String sender, String file) {
        return attachedFiles
                .find(sender, file)
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.NOT_FOUND, "there is no file " + file + ", or it is another one's"));
    }

    /** The message and the right to read its files are one transaction, in which the sender stays a member. */
    private Appended attach(
            Transaction transaction, String conversation, String sender, Append message, List<Attachment> attachments)
            throws SQLException {
        Connection connection = transaction.connection();
        if (!attachedFiles.hold(
                connection, attachments.stream().map(Attachment::id).toList())) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "a file was deleted while it was being attached");
        }
        requireOpen(hold(transaction, conversation, sender));
        Appended sent = transaction.tell(List.of(message)).getFirst();
        if (!sent.repeated()) {
            attachmentStore.add(connection, new Place(conversation, sent.seq()), sent.at(), attachments);
        }
        return sent;
    }

    /** Gives a message of one's own another text; the seq of the event that tells so. */
    long edit(String conversation, String user, long seq, String text) {
        ChatMessage sent = require(conversation, user, seq);
        String sender = sent.sender();
        if (!sender.equals(user)) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "only its sender edits a message");
        }
        Place message = new Place(conversation, seq);
        List<Cost> costs = List.of(new Cost(Quota.BYTES, OVERHEAD + 2L * text.length()));
        prune();
        return quotas.charging(
                user,
                costs,
                () -> transactions.write(transaction -> {
                    requireOpen(hold(transaction, conversation, user));
                    if (!changes.change(transaction.connection(), message, text)) {
                        throw new TuttiException(ErrorCode.CONFLICT, "the message was deleted");
                    }
                    words.edit(transaction.connection(), message, sent.at(), text);
                    return tell(transaction, message, ChatStreams.EDITED, new ChatEvent.Edited(seq, sender, text));
                }));
    }

    /**
     * Deletes a message of one's own, or any of a group that one owns; the seq of the event that tells so, the first one's
     * if it was deleted before.
     */
    long delete(String conversation, String user, long seq) {
        ChatMessage sent = require(conversation, user, seq);
        String sender = sent.sender();
        Place message = new Place(conversation, seq);
        List<Cost> costs = List.of(new Cost(Quota.BYTES, OVERHEAD));
        prune();
        return quotas.charging(
                user,
                costs,
                () -> transactions.write(transaction -> {
                    ConversationMember member = hold(transaction, conversation, user);
                    if (!sender.equals(user) && !member.owner()) {
                        throw new TuttiException(
                                ErrorCode.FORBIDDEN, "only its sender and the group's owner delete a message");
                    }
                    if (!changes.change(transaction.connection(), message, null)) {
                        return changes.deletion(transaction.connection(), message)
                                .orElseThrow(() -> new IllegalStateException("a deletion has vanished"));
                    }
                    words.delete(transaction.connection(), message, sent.at());
                    reactions.delete(transaction.connection(), message, sent.at());
                    return tell(transaction, message, ChatStreams.DELETED, new ChatEvent.Deleted(seq, sender, user));
                }));
    }

    /** Forgets some edits and deletions of messages that are not kept any more; what it cannot is left to the next one who changes one. */
    private void prune() {
        try {
            transactions.write(transaction -> {
                changes.prune(transaction.connection());
                return true;
            });
        } catch (TuttiException failure) {
            log.debug("What became of messages that are not kept any more stays for now", failure);
        }
    }

    /** The message that {@code event} is, if it is one, and as the chat writes them: of its sender. */
    static @Nullable ChatMessage message(Event event, JsonCodec json) {
        if (!event.type().equals(ChatStreams.MESSAGE)) {
            return null;
        }
        ChatEvent.Sent sent = ChatEvent.of(event, ChatEvent.Sent.class, json).orElse(null);
        String key = event.key();
        if (sent == null || (key != null && !key.startsWith(key(sent.sender(), "")))) {
            return null;
        }
        return new ChatMessage(
                event.seq(),
                key == null ? null : key.substring(key(sent.sender(), "").length()),
                sent.sender(),
                sent.text(),
                event.at(),
                null,
                false,
                sent.attachments() == null ? List.of() : sent.attachments(),
                List.of(),
                sent.replyTo());
    }

    /** A sender's own ids are apart from everybody else's; user ids have no dot. */
    private static String key(String sender, String id) {
        return sender + "." + id;
    }

    /** The message at {@code seq} as it was sent, if {@code user} sees it. */
    ChatMessage require(String conversation, String user, long seq) {
        ConversationMember member = members.require(conversation, user);
        if (seq <= member.joinedSeq()) {
            throw noMessage(seq);
        }
        return find(new Place(conversation, seq))
                .map(event -> message(event, json))
                .orElseThrow(() -> noMessage(seq));
    }

    /** Whether the log has the message, which may have been deleted since it was sent. */
    boolean isKept(Place message) {
        return find(message).isPresent();
    }

    private Optional<Event> find(Place place) {
        return streams.read(ChatStreams.conversation(place.conversation()), new Range.After(place.seq() - 1), 1)
                        instanceof ReadResult.Page(List<Event> events, boolean _)
                ? events.stream().findFirst()
                : Optional.empty();
    }

    private static TuttiException noMessage(long seq) {
        return new TuttiException(ErrorCode.NOT_FOUND, "there is no message at seq " + seq);
    }

    /** The words are the same for all reasons: who is blocked is not told. */
    static ConversationMember requireOpen(ConversationMember member) {
        if (member.closed()) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "the other one takes no messages");
        }
        return member;
    }

    private ConversationMember hold(Transaction transaction, String conversation, String user) throws SQLException {
        return memberStore.hold(transaction.connection(), conversation, user).orElseThrow(ConversationMembers::unknown);
    }

    private long tell(Transaction transaction, Place message, String type, ChatEvent event) throws SQLException {
        Appended told = transaction.tell(ChatStreams.conversation(message.conversation()), type, event);
        changes.changed(transaction.connection(), message, told.seq(), told.at());
        summaries.follow(transaction.connection(), message.conversation(), told.seq());
        return told.seq();
    }
}
