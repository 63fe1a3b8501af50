package dev.tutti.server.identity;

import dev.tutti.chat.Chat;
import dev.tutti.chat.quota.QuotaHolder;
import dev.tutti.feed.FeedKey;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Charge;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The decisions of {@link Rights} on streams and feeds, which all transports make, and which {@link RightsReport} explains. Safe for
 * use by many threads.
 */
final class RightsAccess implements FeedAccess {
    private static final String PUBLIC = "public";

    private final Rights rights;

    RightsAccess(Rights rights) {
        this.rights = rights;
    }

    /**
     * The access to streams, for which people are charged by {@code charges}; {@code chat} says who is entitled to what, where there
     * is a chat.
     */
    StreamAccess streams(
            Optional<Function<Principal, Entitlements>> chat, BiFunction<QuotaHolder, List<Append>, Charge> charges) {
        return new StreamAccess() {
            @Override
            public boolean isPublic(StreamName stream) {
                return rights.anybodys(Action.READ, stream.value()).isPresent();
            }

            @Override
            public boolean mayRead(Principal who, StreamName stream) {
                return (Rights.isProgram(who) || !isChats(stream))
                        && rights.grant(who, Action.READ, stream.value()).isPresent();
            }

            @Override
            public boolean mayAppend(Principal who, StreamName stream) {
                return !isChats(stream)
                        && rights.grant(who, Action.PUBLISH, stream.value()).isPresent();
            }

            private boolean isChats(StreamName stream) {
                return chat.isPresent() && stream.kind().equals(Chat.STREAM_KIND);
            }

            @Override
            public Charge charge(Principal who, List<Append> appends) {
                if (Rights.isProgram(who)) {
                    return Charge.NONE;
                }
                return charges.apply(
                        hasAccount(who) ? QuotaHolder.account(who.id()) : QuotaHolder.foreign(who.id()), appends);
            }

            @Override
            public Optional<Entitlements> entitlements(Principal who) {
                return hasAccount(who) ? chat.map(entitlements -> entitlements.apply(who)) : Optional.empty();
            }
        };
    }

    /** Feeds of the kind {@code public} are for anybody. */
    @Override
    public boolean isPublic(FeedKey key) {
        return key.kind().equals(PUBLIC);
    }

    /** By the same rights as streams, but for what anybody may: a feed's key is written as a stream's name is. */
    @Override
    public boolean mayRead(Principal who, FeedKey key) {
        return reading(who, key).isPresent();
    }

    /** Whether {@code who} has the capability by a key or token of their own: what everybody may do with streams is not for feeds. */
    @Override
    public boolean mayPublish(Principal who, FeedKey key) {
        return publishing(who, key).isPresent();
    }

    /** The grant that lets {@code who} read {@code key}; empty if none does. */
    Optional<Rights.Grant> reading(Principal who, FeedKey key) {
        return rights.grant(who, Action.READ, key.value())
                .filter(grant -> grant.holder() != Rights.Holder.ANYBODY); // which come last
    }

    /** The grant that lets {@code who} publish {@code key}; empty if none does. */
    Optional<Rights.Grant> publishing(Principal who, FeedKey key) {
        return rights.grant(who, Action.PUBLISH, key.value()).filter(Rights.Grant::own); // which come first
    }

    private static boolean hasAccount(Principal who) {
        return !Rights.isProgram(who) && !TokenIssuers.isTheirs(who.session());
    }
}
