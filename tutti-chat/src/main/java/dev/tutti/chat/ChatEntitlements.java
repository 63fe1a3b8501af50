package dev.tutti.chat;

import dev.tutti.chat.ConversationMemberStore.MemberConversation;
import dev.tutti.core.JsonCodec;
import dev.tutti.postgres.sql.Database;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.StreamName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The streams that one person is entitled to: their inbox, and the conversations of which the database says that they are in them.
 * Both streams tell that this may have changed. Safe for use by many threads.
 */
final class ChatEntitlements implements Entitlements {
    private final Database database;
    private final JsonCodec json;
    private final String user;
    private final ConversationMemberStore members = new ConversationMemberStore();
    private final ChangeStore changes = new ChangeStore();

    ChatEntitlements(Database database, JsonCodec json, String user) {
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

    @Override
    public Map<StreamName, Addition> additions() {
        Map<StreamName, Addition> additions = new HashMap<>();
        database.statement(connection -> members.of(connection, user))
                .forEach(conversation -> additions.put(
                        ChatStreams.conversation(conversation.id()),
                        new Addition(ChatStreams.inbox(user), conversation.toldSeq())));
        return additions;
    }

    private static Map<StreamName, Long> floors(List<MemberConversation> conversations) {
        Map<StreamName, Long> floors = new HashMap<>();
        conversations.forEach(
                conversation -> floors.put(ChatStreams.conversation(conversation.id()), conversation.joinedSeq()));
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
        return ChatEvent.of(event, ChatEvent.Joined.class, json)
                .<Change>map(news -> new Change.Add(ChatStreams.conversation(news.conversation())))
                .orElseGet(Change.None::new);
    }

    private Change left(Event event) {
        if (!event.stream().kind().equals(ChatStreams.USER_KIND)) {
            return new Change.None();
        }
        return ChatEvent.of(event, ChatEvent.Left.class, json)
                .<Change>map(news -> new Change.Leave(ChatStreams.conversation(news.conversation()), news.seq()))
                .orElseGet(Change.None::new);
    }

    private Change memberLeft(Event event) {
        return event.stream().kind().equals(ChatStreams.CONVERSATION_KIND)
                        && ChatEvent.of(event, ChatEvent.MemberLeft.class, json)
                                .filter(news -> news.user().equals(user))
                                .isPresent()
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
                ChatEvent.of(event, ChatEvent.Edited.class, json)
                        .map(ChatEvent.Edited::seq)
                        .orElse(0L);
            case ChatStreams.REACTED ->
                ChatEvent.of(event, ChatEvent.Reacted.class, json)
                        .map(ChatEvent.Reacted::seq)
                        .orElse(0L);
            default -> 0;
        };
    }

    private Event now(Event event, ChangeStore.@Nullable Change change) {
        if (change == null) {
            return event;
        }
        String text = change.text();
        Optional<? extends ChatEvent> data = switch (event.type()) {
            case ChatStreams.MESSAGE ->
                ChatEvent.of(event, ChatEvent.Sent.class, json).map(sent -> sent.now(text));
            case ChatStreams.REACTED ->
                ChatEvent.of(event, ChatEvent.Reacted.class, json)
                        .map(reacted -> text == null
                                ? new ChatEvent.Reacted(reacted.seq(), reacted.user(), "", false, 0)
                                : reacted);
            default ->
                ChatEvent.of(event, ChatEvent.Edited.class, json)
                        .map(edited -> new ChatEvent.Edited(edited.seq(), edited.sender(), text == null ? "" : text));
        };
        return data.map(now ->
                        new Event(event.stream(), event.seq(), event.type(), json.write(now), event.key(), event.at()))
                .orElse(event);
    }
}
