package dev.tutti.chat;

import dev.tutti.account.User;
import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.chat.ConversationMemberStore.ConversationMember;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Streams;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pages back through a conversation. Safe for use by many threads; blocks. */
final class ConversationHistory {
    static final int MOST = 200;

    /** Events looked at for one page: behind a message there may be many that are none, such as who read it. */
    private static final int READS = 10;

    private static final int EVENTS_PER_READ = 500;

    private final Database database;
    private final Streams streams;
    private final ConversationMembers members;
    private final Directory directory;
    private final JsonCodec json;
    private final CurrentMessages current = new CurrentMessages();

    ConversationHistory(
            Database database, Streams streams, ConversationMembers members, Directory directory, JsonCodec json) {
        this.database = database;
        this.streams = streams;
        this.members = members;
        this.directory = directory;
        this.json = json;
    }

    /**
     * Messages, newest first.
     *
     * @param messages fewer than asked for where there are no more, or where few of very many events are messages
     * @param notes what happened between them, newest first, at most {@value #MOST}
     * @param users who sent them, and of whom the notes tell, by id
     * @param more whether there may be earlier ones
     * @param before where those begin: the next page's {@code before}
     */
    record Page(
            List<ChatMessage> messages,
            List<ConversationNote> notes,
            Map<String, User> users,
            boolean more,
            long before) {}

    /** The messages before {@code before} that {@code user} may see, at most {@code limit}. */
    Page before(String conversation, String user, long before, int limit) {
        ConversationMember member = members.require(conversation, user);
        List<ChatMessage> messages = new ArrayList<>();
        List<ConversationNote> notes = new ArrayList<>();
        long next = before;
        boolean more = true;
        for (int read = 0; more && messages.size() < limit && read < READS; read++) {
            ReadResult result = streams.read(
                    ChatStreams.conversation(conversation),
                    new Range.Before(next),
                    read == 0 ? Math.min(limit + limit / 4 + 4, EVENTS_PER_READ) : EVENTS_PER_READ);
            if (!(result instanceof ReadResult.Page(List<Event> events, boolean further))) {
                throw new IllegalStateException("a gap before a place");
            }
            more = further;
            for (Event event : events) {
                if (event.seq() <= member.joinedSeq()) {
                    more = false;
                    break;
                }
                if (messages.size() == limit) {
                    more = true;
                    break;
                }
                next = event.seq();
                ChatMessage message = Messages.message(event, json);
                if (message != null) {
                    messages.add(message);
                    continue;
                }
                ConversationNote note = notes.size() < MOST ? ConversationNote.of(event, json) : null;
                if (note != null) {
                    notes.add(note);
                }
            }
        }
        List<ChatMessage> now = asTheyAreNow(conversation, user, messages);
        Set<String> senders = new HashSet<>();
        now.forEach(message -> senders.add(message.sender()));
        notes.forEach(note -> {
            senders.add(note.by());
            if (note.user() != null) {
                senders.add(note.user());
            }
        });
        return new Page(now, notes, directory.named(senders), more, next);
    }

    private List<ChatMessage> asTheyAreNow(String conversation, String user, List<ChatMessage> messages) {
        if (messages.isEmpty()) {
            return messages;
        }
        Map<Place, ChatMessage> sent = new LinkedHashMap<>();
        messages.forEach(message -> sent.put(new Place(conversation, message.seq()), message));
        return List.copyOf(
                database.read(connection -> current.of(connection, user, sent)).values());
    }
}
