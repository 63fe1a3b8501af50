package dev.tutti.socket;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The identity of a client, as its {@link Authenticator} has verified it.
 *
 * @param id identifies the person, not the tab or device; 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
 * @param session identifies the login, so that one login can be ended without the person's others
 * @param until the end of validity; the connection is closed then unless it was renewed. {@link Instant#MAX} for no end
 * @param capabilities the rights that the issuer of the credentials grants in addition to everybody's rights, in the application's words
 * @param claims the values of the claims that the application's rules use, by the name of the claim, as the issuer of the credentials
 *     states them
 */
public record Principal(
        String id, String session, Instant until, Set<String> capabilities, Map<String, Set<String>> claims) {
    public Principal {
        capabilities = Set.copyOf(capabilities);
        claims = claims.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, claim -> Set.copyOf(claim.getValue())));
    }

    /** A principal without claims. */
    public Principal(String id, String session, Instant until, Set<String> capabilities) {
        this(id, session, until, capabilities, Map.of());
    }

    /** A principal without capabilities and claims, who has everybody's rights. */
    public Principal(String id, String session, Instant until) {
        this(id, session, until, Set.of());
    }

    /** Whether {@code other} has the same capabilities and claims. */
    public boolean hasSameRights(Principal other) {
        return capabilities.equals(other.capabilities) && claims.equals(other.claims);
    }
}
