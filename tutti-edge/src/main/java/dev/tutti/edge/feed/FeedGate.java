package dev.tutti.edge.feed;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.feed.ClusterFeeds;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.util.Optional;

/** The gate of every way to the feeds: it decides whether a client is let in. Blocks. Safe for use by many threads. */
public final class FeedGate {
    private final ClusterFeeds feeds;
    private final Authenticator authenticator;
    private final FeedAccess access;

    /** A gate to {@code feeds}. */
    public FeedGate(ClusterFeeds feeds, Authenticator authenticator, FeedAccess access) {
        this.feeds = feeds;
        this.authenticator = authenticator;
        this.access = access;
    }

    /** The feeds. */
    public ClusterFeeds feeds() {
        return feeds;
    }

    /**
     * The reader of {@code key} that {@code handshake} identifies; empty if everybody may read it, and then nobody is authenticated.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#FORBIDDEN} if this client may not read it
     */
    public Optional<Principal> reader(Handshake handshake, FeedKey key) {
        if (access.isPublic(key)) {
            return Optional.empty();
        }
        Principal who = authenticator.authenticate(handshake);
        requireReadable(who, key);
        return Optional.of(who);
    }

    /**
     * The publisher of {@code key} that {@code handshake} identifies.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#FORBIDDEN} if this client may not publish it
     */
    public Principal publisher(Handshake handshake, FeedKey key) {
        Principal who = authenticator.authenticate(handshake);
        if (!access.mayPublish(who, key)) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "you may not publish feed " + key);
        }
        return who;
    }

    /**
     * Charges {@code who} for publishing {@code state}. Call it before publishing, after {@link #publisher}.
     *
     * @throws TuttiException with {@link ErrorCode#QUOTA_EXCEEDED} if the quota is exceeded
     */
    public void charge(Principal who, FeedState state) {
        access.charge(who, state);
    }

    /** Whether everybody may read {@code key}, even without a login. */
    public boolean isPublic(FeedKey key) {
        return access.isPublic(key);
    }

    /**
     * Whether {@code who}, who has subscribed to {@code key}, may still read it.
     *
     * @throws TuttiException if this cannot be decided at the moment
     */
    public boolean mayRead(Principal who, FeedKey key) {
        try {
            return access.isPublic(key) || access.mayRead(who, key);
        } catch (TuttiException refused) {
            if (refused.code().retry() == ErrorCode.Retry.NEVER) {
                return false;
            }
            throw refused;
        }
    }

    /** The feed called {@code name}, which {@code who} may read. */
    public FeedKey readable(Principal who, String name) {
        FeedKey key = new FeedKey(name);
        if (!access.isPublic(key)) {
            requireReadable(who, key);
        }
        return key;
    }

    private void requireReadable(Principal who, FeedKey key) {
        if (!access.mayRead(who, key)) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "you may not read feed " + key);
        }
    }
}
