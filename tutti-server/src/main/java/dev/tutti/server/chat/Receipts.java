package dev.tutti.server.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.stream.Streams;
import dev.tutti.server.chat.MemberStore.Member;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;

/** Notes how far people have read. Safe for use by many threads; blocks. */
final class Receipts {
    /** In groups of up to this many everybody is told who has read what; in larger ones only one's own devices. */
    static final int TOLD = 100;

    private final Streams streams;
    private final Journal journal;
    private final Members members;
    private final MemberStore store = new MemberStore();

    Receipts(Streams streams, Journal journal, Members members) {
        this.streams = streams;
        this.journal = journal;
        this.members = members;
    }

    /** {@code user} has read up to {@code seq}. Without effect if they had read further. */
    void read(String conversation, String user, long seq) {
        Member member = members.require(conversation, user);
        if (seq <= member.readSeq()) {
            return;
        }
        if (streams.read(Names.conversation(conversation), new Range.After(seq - 1), 1) instanceof ReadResult.Page page
                && page.events().isEmpty()) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "seq " + seq + " is behind the conversation's last event");
        }
        journal.write(transaction -> {
            int audience = store.read(transaction.connection(), conversation, user, seq)
                    .orElse(0);
            if (audience > TOLD) {
                transaction.tell(Names.inbox(user), Names.READ, new ChatEvent.ReadElsewhere(conversation, seq));
            } else if (audience > 0) {
                transaction.tell(Names.conversation(conversation), Names.READ, new ChatEvent.Read(user, seq));
            }
            return true;
        });
    }
}
