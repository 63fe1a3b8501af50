package dev.tutti.socket;

import java.time.Instant;
import java.util.Set;

/**
 * Who a client is, as its {@link Authenticator} found out.
 *
 * @param id the person, not the tab or device; 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
 * @param session which login it is, so that one can be ended without the others
 * @param until when it stops being true; the connection is cut then unless it was renewed. {@link Instant#MAX} for never
 * @param capabilities what whoever vouches for it allows it beside what everybody may, in words of the application
 */
public record Principal(String id, String session, Instant until, Set<String> capabilities) {
    public Principal {
        capabilities = Set.copyOf(capabilities);
    }

    /** Somebody who may what everybody may. */
    public Principal(String id, String session, Instant until) {
        this(id, session, until, Set.of());
    }
}
