package dev.tutti.chat;

import dev.tutti.chat.ConversationMemberStore.Belonging;
import dev.tutti.core.JsonCodec;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.StreamName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one person's feed: their inbox, and the conversations of which the database says that they are in them.
 * Both streams tell that this may have changed. Safe for use by many threads.
 */
final class ChatFeed implements Entitlements {
    private final Database database;
    private final JsonCodec json;
    private final String user;
    private final ConversationMemberStore members = new ConversationMemberStore();
    private final ChangeStore changes = new ChangeStore();

    ChatFeed(Database database, JsonCodec json, String user) {
        this.database = database;
        this.json = json;
        this.user = user;
    }

    @Override
    public Map<StreamName, Long> streams() {
        Map<StreamName, Long> streams = floors(database.statement(connection -> members.of(connection, user)));
        streams.put(ChatStreams.inbox(user), 0L);
        return streams;
    }

    @Override
    public Map<StreamName, Long> streams(Collection<StreamName> among) {
        List<String> conversations = among.stream()
                .filter(stream -> stream.kind().equals(ChatStreams.CONVERSATION_KIND))
                .map(StreamName::id)
                .toList();
        Map<StreamName, Long> streams =
                floors(database.statement(connection -> members.of(connection, user, conversations)));
        if (among.contains(ChatStreams.inbox(user))) {
            streams.put(ChatStreams.inbox(user), 0L);
        }
        return streams;
    }

    private static Map<StreamName, Long> floors(List<Belonging> belongings) {
        Map<StreamName, Long> floors = new HashMap<>();
        belongings.forEach(
                belonging -> floors.put(ChatStreams.conversation(belonging.conversation()), belonging.joinedSeq()));
        return floors;
    }

    @Override
    public Change change(Event event) {
        return switch (event.type()) {
            case ChatStreams.JOINED -> joined(event);
            case ChatStreams.LEFT -> left(event);
            case ChatStreams.MEMBER_LEFT -> memberLeft(event);
            default -> new Change.None();
        };
    }

    private Change joined(Event event) {
        if (!event.stream().kind().equals(ChatStreams.USER_KIND)) {
            return new Change.None();
        }
        ChatEvent.Joined news = json.read(event.data(), ChatEvent.Joined.class);
        return new Change.Add(ChatStreams.conversation(news.conversation()));
    }

    private Change left(Event event) {
        if (!event.stream().kind().equals(ChatStreams.USER_KIND)) {
            return new Change.None();
        }
        ChatEvent.Left news = json.read(event.data(), ChatEvent.Left.class);
        return new Change.Leave(ChatStreams.conversation(news.conversation()), news.seq());
    }

    private Change memberLeft(Event event) {
        return event.stream().kind().equals(ChatStreams.CONVERSATION_KIND)
                        && json.read(event.data(), ChatEvent.MemberLeft.class)
                                .user()
                                .equals(user)
                ? new Change.Leave(event.stream(), event.seq())
                : new Change.None();
    }

    /** Messages read from the log say what they say now: an edit or a deletion holds for all who read it later. */
    @Override
    public List<Event> shown(List<Event> page) {
        StreamName stream = page.getFirst().stream();
        if (!stream.kind().equals(ChatStreams.CONVERSATION_KIND)) {
            return page;
        }
        List<Long> seqs = page.stream()
                .map(this::message)
                .filter(seq -> seq > 0)
                .distinct()
                .toList();
        if (seqs.isEmpty()) {
            return page;
        }
        Map<Long, ChangeStore.Change> changed = database.read(connection -> changes.of(connection, stream.id(), seqs));
        return changed.isEmpty()
                ? page
                : page.stream()
                        .map(event -> now(event, changed.get(message(event))))
                        .toList();
    }

    /** The message of which {@code event} says what may not hold any more; 0 if there is none. */
    private long message(Event event) {
        return switch (event.type()) {
            case ChatStreams.MESSAGE -> event.seq();
            case ChatStreams.EDITED ->
                json.read(event.data(), ChatEvent.Edited.class).seq();
            case ChatStreams.REACTED ->
                json.read(event.data(), ChatEvent.Reacted.class).seq();
            default -> 0;
        };
    }

    private Event now(Event event, ChangeStore.@Nullable Change change) {
        if (change == null) {
            return event;
        }
        String text = change.text() == null ? "" : change.text();
        ChatEvent data = switch (event.type()) {
            case ChatStreams.MESSAGE ->
                json.read(event.data(), ChatEvent.Sent.class).now(change.text());
            case ChatStreams.REACTED -> {
                ChatEvent.Reacted reacted = json.read(event.data(), ChatEvent.Reacted.class);
                yield change.text() == null
                        ? new ChatEvent.Reacted(reacted.seq(), reacted.user(), "", false, 0)
                        : reacted;
            }
            default -> {
                ChatEvent.Edited edited = json.read(event.data(), ChatEvent.Edited.class);
                yield new ChatEvent.Edited(edited.seq(), edited.sender(), text);
            }
        };
        return new Event(event.stream(), event.seq(), event.type(), json.write(data), event.key(), event.at());
    }
}
