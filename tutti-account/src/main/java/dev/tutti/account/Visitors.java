package dev.tutti.account;

import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.http.Request;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds out who asks where nobody has to sign in: a person who has, or a visitor, known by the cookie {@code tutti_visitor}. The first
 * change of a visitor sets it, others set it anew. Safe for use by many threads; blocks.
 */
final class Visitors {
    private final Authenticator people;
    private final List<AttemptLimit> fresh;
    private final boolean accounts;

    /**
     * Those whom {@code people} knows have signed in; each of {@code fresh} bounds how many others come from an address. A
     * visitor whom one refuses has been counted by those before it.
     *
     * @param accounts whether people log in here: otherwise cookies of a login are left from when they did, and nothing takes them away
     */
    Visitors(Authenticator people, List<AttemptLimit> fresh, boolean accounts) {
        this.people = people;
        this.fresh = List.copyOf(fresh);
        this.accounts = accounts;
    }

    /**
     * The person who has signed in; empty if nobody claims to have. Throws as {@link Authenticator#authenticate} does. A browser whose
     * access token has run out claims it, too, by what it still shows: it has to renew the token, and is no visitor meanwhile.
     */
    Optional<Principal> person(Request request) {
        boolean claims = request.header("authorization").isPresent()
                || (accounts
                        && (Cookies.read(request, Cookies.ACCESS).isPresent()
                                || Cookies.read(request, Cookies.REFRESH).isPresent()));
        return claims
                ? Optional.of(
                        request.by(people.authenticate(request.handshake())).principal())
                : Optional.empty();
    }

    /** The token shown by a visitor who has been here before. */
    static Optional<OneTimeToken> known(Request request) {
        return Cookies.read(request, Cookies.VISITOR).flatMap(OneTimeToken::parse);
    }

    /**
     * The visitor who changes something, who has to be given that token. Anybody can make one up: a visitor of whom nothing
     * {@code isKept} counts as new, and it throws if too many of these come from their address.
     */
    OneTimeToken admit(Request request, Predicate<OneTimeToken> isKept) {
        Optional<OneTimeToken> known = known(request);
        if (known.filter(isKept).isEmpty()) {
            String holder = NetworkAddress.holder(request.handshake().address());
            fresh.forEach(limit -> limit.take(holder));
        }
        return known.orElseGet(OneTimeToken::fresh);
    }
}
