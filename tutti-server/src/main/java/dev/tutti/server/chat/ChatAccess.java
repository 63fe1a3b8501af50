package dev.tutti.server.chat;

import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who may do what with which stream over the generic APIs: rooms are everybody's, feeds are everybody's to read,
 * conversations their members' and inboxes their owner's to read. Of other kinds, nothing is anybody's.
 */
final class ChatAccess implements StreamAccess {
    private static final String ROOM_KIND = "room";
    private static final String FEED_KIND = "feed";

    private final Members members;
    private final Function<Principal, Entitlements> feeds;

    ChatAccess(Members members, Function<Principal, Entitlements> feeds) {
        this.members = members;
        this.feeds = feeds;
    }

    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        return switch (stream.kind()) {
            case ROOM_KIND, FEED_KIND -> true;
            case Names.USER_KIND -> stream.id().equals(who.id());
            case Names.CONVERSATION_KIND -> members.contains(stream.id(), who.id());
            default -> false;
        };
    }

    /** Not to a conversation: who is taken out of it must hear no more, which only a feed sees to. */
    @Override
    public boolean maySubscribe(Principal who, StreamName stream) {
        return !stream.kind().equals(Names.CONVERSATION_KIND) && mayRead(who, stream);
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return stream.kind().equals(ROOM_KIND);
    }

    @Override
    public Optional<Entitlements> feed(Principal who) {
        return Optional.of(feeds.apply(who));
    }
}
