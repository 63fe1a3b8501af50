package dev.tutti.socket;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The identity of a client, as its {@link Authenticator} found out.
 *
 * @param id the person, not the tab or device; 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
 * @param session which login it is, so that one can be ended without the others
 * @param until when it stops being true; the connection is cut then unless it was renewed. {@link Instant#MAX} for never
 * @param capabilities what whoever vouches for it allows it beside what everybody may, in words of the application
 * @param claims what whoever vouches for it says of it, by the names that the application's rules ask for, each with its values
 */
public record Principal(
        String id, String session, Instant until, Set<String> capabilities, Map<String, Set<String>> claims) {
    public Principal {
        capabilities = Set.copyOf(capabilities);
        claims = claims.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, claim -> Set.copyOf(claim.getValue())));
    }

    /** Somebody of whom nothing is claimed. */
    public Principal(String id, String session, Instant until, Set<String> capabilities) {
        this(id, session, until, capabilities, Map.of());
    }

    /** Somebody who may what everybody may. */
    public Principal(String id, String session, Instant until) {
        this(id, session, until, Set.of());
    }

    /** Whether what is said of both is the same but for who they are, which login it is and until when. */
    public boolean hasSameRights(Principal other) {
        return capabilities.equals(other.capabilities) && claims.equals(other.claims);
    }
}
