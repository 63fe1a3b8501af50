package dev.tutti.server.key;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Principal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A key without its secret.
 *
 * @param id names it in lists, and is a part of the key itself
 * @param name what it is for, in its maker's words
 * @param capabilities what it allows
 * @param createdAt when it was made
 * @param usedAt when it was used last, to within an hour; null if never
 */
public record ApiKey(
        String id,
        String name,
        List<Capability> capabilities,
        Instant createdAt,
        @Nullable Instant usedAt) {
    private static final String PREFIX = "key.";

    public ApiKey {
        capabilities = List.copyOf(capabilities);
    }

    /** Whether it allows {@code action} with what is called {@code name}. */
    public boolean allows(Action action, String name) {
        return capabilities.stream().anyMatch(capability -> capability.allows(action, name));
    }

    /**
     * Passes if it {@link #allows} that.
     *
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it does not
     */
    public void require(Action action, String name) {
        if (!allows(action, name)) {
            throw new TuttiException(
                    ErrorCode.FORBIDDEN,
                    "the key '" + this.name + "' does not have the capability " + new Capability(action, name));
        }
    }

    /** The principal that comes with it, and the session that ends when it is revoked. */
    public Principal principal() {
        return new Principal(
                sessionOf(id),
                sessionOf(id),
                Instant.MAX,
                capabilities.stream().map(Capability::toString).collect(Collectors.toSet()));
    }

    /** The session of those who come with the key called {@code id}. */
    public static String sessionOf(String id) {
        return PREFIX + id;
    }

    /** The id of the key whose {@link #principal} has {@code session}; null if that is a person's. */
    public static @Nullable String idOf(String session) {
        return session.startsWith(PREFIX) ? session.substring(PREFIX.length()) : null;
    }
}
