package dev.tutti.server.chat;

import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who may do what with which stream over the generic APIs: rooms are everybody's, feeds everybody's to read, inboxes their
 * owner's to read. Of other kinds nothing is anybody's, and neither is a conversation: what of it a member may see begins
 * with the joining and ends with the leaving, and only the chat and a feed see to that.
 */
final class ChatAccess implements StreamAccess {
    private static final String ROOM_KIND = "room";
    private static final String FEED_KIND = "feed";

    private final Function<Principal, Entitlements> feeds;

    ChatAccess(Function<Principal, Entitlements> feeds) {
        this.feeds = feeds;
    }

    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        return switch (stream.kind()) {
            case ROOM_KIND, FEED_KIND -> true;
            case Names.USER_KIND -> stream.id().equals(who.id());
            default -> false;
        };
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
