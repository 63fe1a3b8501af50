package dev.tutti.account;

import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.http.Request;
import dev.tutti.socket.Principal;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds out who asks where nobody has to sign in: a person who has, or a visitor, known by the cookie {@code tutti_visitor}. The first
 * change of a visitor sets it, others set it anew. Safe for use by many threads; blocks.
 */
final class Visitors {
    private final Accounts accounts;
    private final TryLimit fresh;

    /** {@code fresh} bounds how many come from an address. */
    Visitors(Accounts accounts, TryLimit fresh) {
        this.accounts = accounts;
        this.fresh = fresh;
    }

    /** The person who has signed in; empty if nobody claims to have. Throws as {@link Accounts#authenticate} does. */
    Optional<Principal> person(Request request) {
        boolean claims = request.header("authorization").isPresent()
                || Cookies.read(request, Cookies.ACCESS).isPresent();
        return claims
                ? Optional.of(
                        request.by(accounts.authenticate(request.handshake())).principal())
                : Optional.empty();
    }

    /** What the visitor shows who has been here before. */
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
            fresh.take(NetworkAddress.holder(request.handshake().address()));
        }
        return known.orElseGet(OneTimeToken::fresh);
    }
}
