package dev.tutti.server.key;

import dev.tutti.account.Accounts;
import dev.tutti.account.Credentials;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.SessionCheck;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everybody who may come to the streams: people by their accounts, programs by their keys. Safe for use by many threads; blocks. */
public final class Identities implements Authenticator, SessionCheck {
    private final Accounts accounts;
    private final ApiKeys keys;

    /** Those of {@code accounts} and {@code keys}. */
    public Identities(Accounts accounts, ApiKeys keys) {
        this.accounts = accounts;
        this.keys = keys;
    }

    /** Who shows a token or a key, wherever people may show a token. */
    @Override
    public Principal authenticate(Handshake handshake) {
        String token = Credentials.token(handshake);
        return ApiKeys.isKey(token) ? keys.verify(token).principal() : accounts.authenticate(handshake);
    }

    /**
     * The key that {@code handshake} shows.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAUTHENTICATED} if it is none
     */
    public ApiKey key(Handshake handshake) {
        return keys.verify(Credentials.token(handshake));
    }

    @Override
    public Collection<String> ended(Collection<String> sessions) {
        List<String> people = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String session : sessions) {
            String id = ApiKey.idOf(session);
            if (id == null) {
                people.add(session);
            } else {
                ids.add(id);
            }
        }
        List<String> ended = new ArrayList<>(people.isEmpty() ? Set.of() : accounts.ended(people));
        keys.revoked(ids).forEach(id -> ended.add(ApiKey.sessionOf(id)));
        return ended;
    }

    /** What people may do by {@code theirs}, and programs by what their keys allow. */
    public StreamAccess access(StreamAccess theirs) {
        return new StreamAccess() {
            @Override
            public boolean mayRead(Principal who, StreamName stream) {
                return may(who, Capability.Action.READ, stream.value()).orElseGet(() -> theirs.mayRead(who, stream));
            }

            @Override
            public boolean mayAppend(Principal who, StreamName stream) {
                return may(who, Capability.Action.PUBLISH, stream.value())
                        .orElseGet(() -> theirs.mayAppend(who, stream));
            }

            @Override
            public void charge(Principal who, Append append) {
                if (ApiKey.idOf(who.session()) == null) {
                    theirs.charge(who, append);
                }
            }

            @Override
            public Optional<Entitlements> feed(Principal who) {
                return ApiKey.idOf(who.session()) == null ? theirs.feed(who) : Optional.empty();
            }
        };
    }

    /** The same for feeds, whose keys are as names of streams to what a program's key allows. */
    public FeedAccess access(FeedAccess theirs) {
        return new FeedAccess() {
            @Override
            public boolean isPublic(FeedKey key) {
                return theirs.isPublic(key);
            }

            @Override
            public boolean mayRead(Principal who, FeedKey key) {
                return may(who, Capability.Action.READ, key.value()).orElseGet(() -> theirs.mayRead(who, key));
            }
        };
    }

    /** Whether a key allows it; empty for people. */
    private Optional<Boolean> may(Principal who, Capability.Action action, String name) {
        @Nullable String id = ApiKey.idOf(who.session());
        return id == null
                ? Optional.empty()
                : Optional.of(
                        keys.named(id).filter(key -> key.allows(action, name)).isPresent());
    }
}
