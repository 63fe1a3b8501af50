package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.core.stream.Streams;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;

/** Notes how far people have read. Safe for use by many threads; blocks. */
final class Receipts {
    /** In groups of up to this many everybody is told who has read what; in larger ones only one's own devices. */
    static final int TOLD = 100;

    /** Events before the one that was read among which the message is looked for first: in general it is the last of them. */
    private static final int LOOKED_AT = 100;

    /** And so many more each time, so often, where as many reactions and edits are between the message and later ones. */
    private static final int MORE = 1_000;

    private static final int MOST_LOOKS = 10;

    private final Streams streams;
    private final ChatTransaction transactions;
    private final ConversationMembers members;
    private final Quotas quotas;
    private final ConversationMemberStore store = new ConversationMemberStore();
    private final SummaryStore summaries = new SummaryStore();

    Receipts(Streams streams, ChatTransaction transactions, ConversationMembers members, Quotas quotas) {
        this.streams = streams;
        this.transactions = transactions;
        this.members = members;
        this.quotas = quotas;
    }

    /**
     * {@code user} has read up to {@code seq}, which is taken as the last message there: what is told of receipts and edits
     * is not read by anybody, and so there are never more receipts than messages. Without effect if they had read further.
     */
    void read(String conversation, String user, long seq) {
        ConversationMember member = members.require(conversation, user);
        if (seq <= member.readSeq()) {
            return;
        }
        StreamName stream = ChatStreams.conversation(conversation);
        boolean ahead = switch (streams.read(stream, new Range.After(seq - 1), 1)) {
            case ReadResult.Page page -> page.events().isEmpty();
            case ReadResult.Gap gap -> gap.reason() == ReadResult.Gap.Reason.AHEAD;
        };
        if (ahead) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "seq " + seq + " is behind the conversation's last event");
        }
        long message = lastMessage(conversation, user, seq, member.readSeq());
        if (message <= member.readSeq()) {
            return;
        }
        transactions.write(transaction -> {
            int memberCount = store.read(transaction.connection(), conversation, user, message)
                    .orElse(0);
            if (memberCount > TOLD) {
                transaction.tell(
                        ChatStreams.inbox(user), ChatStreams.READ, new ChatEvent.ReadElsewhere(conversation, message));
            } else if (memberCount > 0) {
                long told = transaction
                        .tell(stream, ChatStreams.READ, new ChatEvent.Read(user, message))
                        .seq();
                summaries.follow(transaction.connection(), conversation, told);
            }
            return true;
        });
    }

    /**
     * The last message up to {@code seq}, for which {@code user} is charged if it has to be looked for, or is there; 0 if {@code read} is behind
     * it, or some thousand other events are and there are messages behind those.
     */
    private long lastMessage(String conversation, String user, long seq, long read) {
        StreamName stream = ChatStreams.conversation(conversation);
        long message = lastMessage(stream, new Looks(seq + 1, LOOKED_AT, 1), read);
        if (message > read || seq - LOOKED_AT <= read) {
            if (message > read) {
                quotas.charge(user, Quota.BYTES, Messages.OVERHEAD);
            }
            return message;
        }
        quotas.charge(user, Quota.BYTES, Messages.OVERHEAD);
        long noted = transactions.write(transaction -> summaries.last(transaction.connection(), conversation));
        return noted > 0 && noted <= seq
                ? noted
                : lastMessage(stream, new Looks(seq + 1 - LOOKED_AT, MORE, MOST_LOOKS - 1), read);
    }

    private long lastMessage(StreamName stream, Looks looks, long read) {
        long before = looks.before();
        for (int look = 0; look < looks.most() && before > read + 1; look++) {
            if (!(streams.read(stream, new Range.Before(before), looks.events()) instanceof ReadResult.Page page)
                    || page.events().isEmpty()) {
                return 0;
            }
            for (Event event : page.events()) {
                if (event.type().equals(ChatStreams.MESSAGE)) {
                    return event.seq();
                }
            }
            before = page.events().getLast().seq();
        }
        return 0;
    }

    /** How many times so many events before a place are read. */
    private record Looks(long before, int events, int most) {}
}
