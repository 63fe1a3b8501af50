package dev.tutti.edge.engineio;

import java.util.Set;

/**
 * Which pages of other origins may poll, see the Fetch standard. WebSockets know no such rule: who a client is, is found
 * out from what it presents.
 *
 * @param origins as browsers send them, for example {@code https://example.org}; {@link #ANY} among them for any
 * @param credentials whether such pages' requests may carry cookies
 */
public record Cors(Set<String> origins, boolean credentials) {
    /** Stands for every origin. */
    public static final String ANY = "*";

    /** Pages of this server's own origin alone. */
    public static final Cors NONE = new Cors(Set.of(), false);

    public Cors {
        origins = Set.copyOf(origins);
        if (credentials && origins.contains(ANY)) {
            throw new IllegalArgumentException(
                    "origins " + origins + " with credentials would give every page a user's rights; name the origins");
        }
    }

    /** Whether pages of {@code origin} are allowed. */
    boolean allows(String origin) {
        return origins.contains(ANY) || origins.contains(origin);
    }
}
