package dev.tutti.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.core.stream.Streams;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
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

    private static final int REMEMBERED = 100_000;

    private final Function<Principal, Entitlements> feeds;
    private final Streams streams;
    private final Quotas quotas;
    private final Cache<StreamName, Boolean> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    ChatAccess(Function<Principal, Entitlements> feeds, Streams streams, Quotas quotas) {
        this.feeds = feeds;
        this.streams = streams;
        this.quotas = quotas;
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

    /** The first event of a stream costs a stream, too. */
    @Override
    public void charge(Principal who, Append append) {
        boolean exists = known.get(append.stream(), stream -> streams.head(stream) > 0);
        if (!exists) {
            quotas.charge(who.id(), Quota.STREAMS, 1);
            known.put(append.stream(), true);
        }
        quotas.charge(who.id(), Quota.BYTES, Messages.OVERHEAD + append.data().length());
    }

    @Override
    public Optional<Entitlements> feed(Principal who) {
        return Optional.of(feeds.apply(who));
    }
}
