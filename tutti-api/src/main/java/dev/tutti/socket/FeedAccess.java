package dev.tutti.socket;

import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;

/** The rules for reading and publishing feeds over all transports. Called on virtual threads. */
public interface FeedAccess {
    /** Whether anybody may read {@code key}, also without having signed in. */
    boolean isPublic(FeedKey key);

    /** Whether {@code who} may read {@code key}, for as long as the connection lives, where it {@link #isPublic is not public}. */
    boolean mayRead(Principal who, FeedKey key);

    /** Whether {@code who} may publish {@code key}, whoever may read it. */
    boolean mayPublish(Principal who, FeedKey key);

    /**
     * Charges {@code who} for {@code state}, which is about to be published, be it accepted or not. Without effect where
     * nothing is charged for.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#QUOTA_EXCEEDED} if that is too much
     */
    default void charge(Principal who, FeedState state) {}

    /**
     * {@code public:*} is for anybody, {@code user:<id>} and {@code user:<id>:*} for the person of that id alone, and everything
     * else for all who have signed in. Nobody publishes: that is for the server's own code.
     */
    static FeedAccess byKind() {
        return new FeedAccess() {
            @Override
            public boolean isPublic(FeedKey key) {
                return key.kind().equals("public");
            }

            @Override
            public boolean mayRead(Principal who, FeedKey key) {
                return !key.kind().equals("user")
                        || key.id().equals(who.id())
                        || key.id().startsWith(who.id() + ":");
            }

            @Override
            public boolean mayPublish(Principal who, FeedKey key) {
                return false;
            }
        };
    }
}
