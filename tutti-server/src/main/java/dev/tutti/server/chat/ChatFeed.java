package dev.tutti.server.chat;

import dev.tutti.core.JsonCodec;
import dev.tutti.server.sql.Database;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.StreamName;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What belongs to one person's feed: their inbox, and the conversations they are in. One for each feed. */
final class ChatFeed implements Entitlements {
    private final Database database;
    private final JsonCodec json;
    private final String user;
    private final MemberStore members = new MemberStore();

    /** Conversations joined since the feed began, and from behind where; and not left; as many as one person may be in. */
    private final ConcurrentMap<String, Long> joined = new ConcurrentHashMap<>();

    ChatFeed(Database database, JsonCodec json, String user) {
        this.database = database;
        this.json = json;
        this.user = user;
    }

    @Override
    public Map<StreamName, Long> streams() {
        Map<StreamName, Long> streams = new HashMap<>();
        streams.put(Names.inbox(user), 0L);
        database.statement(connection -> members.of(connection, user))
                .forEach(belonging -> streams.put(Names.conversation(belonging.conversation()), belonging.joinedSeq()));
        return streams;
    }

    @Override
    public Change change(Event event) {
        return switch (event.type()) {
            case Names.JOINED -> joined(event);
            case Names.MEMBER_LEFT -> left(event);
            default -> new Change.None();
        };
    }

    private Change joined(Event event) {
        if (!event.stream().kind().equals(Names.USER_KIND)) {
            return new Change.None();
        }
        ChatEvent.Joined news = json.read(event.data(), ChatEvent.Joined.class);
        joined.merge(news.conversation(), news.after(), Math::max);
        return new Change.Add(Names.conversation(news.conversation()), news.after());
    }

    /**
     * Streams are not ordered among each other: who leaves and comes back at once may hear of their return first, and then
     * their leaving is an old story.
     */
    private Change left(Event event) {
        if (!event.stream().kind().equals(Names.CONVERSATION_KIND)
                || !json.read(event.data(), ChatEvent.MemberLeft.class).user().equals(user)) {
            return new Change.None();
        }
        Long after = joined.get(event.stream().id());
        if (after != null && after >= event.seq()) {
            return new Change.None();
        }
        joined.remove(event.stream().id());
        return new Change.Leave();
    }
}
