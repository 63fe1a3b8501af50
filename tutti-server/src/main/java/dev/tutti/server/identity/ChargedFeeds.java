package dev.tutti.server.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.chat.quota.Quota;
import dev.tutti.chat.quota.QuotaHolder;
import dev.tutti.chat.quota.Quotas;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.Feeds;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Principal;
import java.util.Map;

/**
 * The decisions of another {@link FeedAccess}, with a charge for people who publish, as for the events that they append: the
 * bytes of each version, and a stream for a key that has none yet. Programs with a key are not charged. Safe for use by many
 * threads; blocks.
 */
public final class ChargedFeeds implements FeedAccess {
    private static final int OVERHEAD = 200; // bytes: a row and a notification, as for an event
    private static final int REMEMBERED = 100_000;

    private final FeedAccess others;
    private final Feeds feeds;
    private final Quotas quotas;
    private final Cache<FeedKey, Boolean> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /** The decisions of {@code others}; charges go to {@code quotas}, and {@code feeds} tell which keys are new. */
    public ChargedFeeds(FeedAccess others, Feeds feeds, Quotas quotas) {
        this.others = others;
        this.feeds = feeds;
        this.quotas = quotas;
    }

    @Override
    public boolean isPublic(FeedKey key) {
        return others.isPublic(key);
    }

    @Override
    public boolean mayRead(Principal who, FeedKey key) {
        return others.mayRead(who, key);
    }

    @Override
    public boolean mayPublish(Principal who, FeedKey key) {
        return others.mayPublish(who, key);
    }

    @Override
    public void charge(Principal who, FeedState state) {
        others.charge(who, state);
        if (Rights.isProgram(who)) {
            return;
        }
        QuotaHolder holder =
                TokenIssuers.isTheirs(who.session()) ? QuotaHolder.foreign(who.id()) : QuotaHolder.account(who.id());
        boolean unknown = known.getIfPresent(state.key()) == null;
        long begun = unknown && feeds.get(state.key()).isEmpty() ? 1 : 0;
        var _ = quotas.charge(holder, Map.of(Quota.BYTES, (long) OVERHEAD + state.bytes(), Quota.STREAMS, begun));
        if (unknown) {
            known.put(state.key(), true);
        }
    }
}
