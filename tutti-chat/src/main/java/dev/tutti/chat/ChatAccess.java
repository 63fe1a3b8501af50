package dev.tutti.chat;

import dev.tutti.chat.quota.QuotaHolder;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rights that the chat alone would give over the generic APIs, for programs that have no rights of their own: rooms are
 * everybody's, feeds everybody's to read, inboxes their owner's to read. The server asks it for {@link #feed} and nothing
 * else, as {@code TUTTI_RIGHTS}, tokens and keys say the rest. Of other kinds nothing is anybody's, and neither is a
 * conversation: what of it a member may see begins with the joining and ends with the leaving, and only the chat and a
 * feed see to that.
 */
final class ChatAccess implements StreamAccess {
    private static final String ROOM_KIND = "room";
    private static final String FEED_KIND = "feed";

    private final Function<Principal, Entitlements> feeds;
    private final StreamCharges charges;

    ChatAccess(Function<Principal, Entitlements> feeds, StreamCharges charges) {
        this.feeds = feeds;
        this.charges = charges;
    }

    @Override
    public boolean mayRead(Principal who, StreamName stream) {
        return switch (stream.kind()) {
            case ROOM_KIND, FEED_KIND -> true;
            case ChatStreams.USER_KIND -> stream.id().equals(who.id());
            default -> false;
        };
    }

    @Override
    public boolean mayAppend(Principal who, StreamName stream) {
        return stream.kind().equals(ROOM_KIND);
    }

    @Override
    public Charge charge(Principal who, List<Append> appends) {
        return charges.charge(QuotaHolder.account(who.id()), appends);
    }

    @Override
    public Optional<Entitlements> feed(Principal who) {
        return Optional.of(feeds.apply(who));
    }
}
