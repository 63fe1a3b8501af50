package dev.tutti.socket;

import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;

/** The rules for reading and publishing feeds over all transports. Called on virtual threads. */
public interface FeedAccess {
    /** Whether everybody may read {@code key}, even without a login. */
    boolean isPublic(FeedKey key);

    /**
     * Whether {@code who} may read {@code key}, for as long as the connection lives. It does not matter for a {@linkplain #isPublic public}
     * feed.
     */
    boolean mayRead(Principal who, FeedKey key);

    /** Whether {@code who} may publish {@code key}. This does not depend on the right to read it. */
    boolean mayPublish(Principal who, FeedKey key);

    /**
     * Charges the quota of {@code who} for publishing {@code state}, before the publish, and whether or not it is accepted. By default
     * there is no quota.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#QUOTA_EXCEEDED} if the quota is exceeded
     */
    default void charge(Principal who, FeedState state) {}

    /**
     * Rules by the kind of the key: everybody may read {@code public:*}, only the person with that id may read {@code user:<id>} and {@code
     * user:<id>:*}, and everybody who is logged in may read all other feeds. Clients may not publish; only the server's own code does.
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
