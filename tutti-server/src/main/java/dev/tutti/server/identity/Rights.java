package dev.tutti.server.identity;

import dev.tutti.TuttiException;
import dev.tutti.server.identity.Capability.Action;
import dev.tutti.socket.Principal;
import dev.tutti.stream.StreamName;
import java.util.List;

/**
 * What everybody who is signed in may do with streams: capabilities in which {@code {id}} stands for who they are. Beside that each
 * has the capabilities of their token. What neither allows is denied. Immutable.
 */
public final class Rights {
    private static final String ID = "{id}";

    private final List<String> everybodys;

    private Rights(List<String> everybodys) {
        this.everybodys = everybodys;
    }

    /**
     * Those that {@code everybodys} say.
     *
     * @throws TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if one of these is no capability
     */
    public static Rights of(List<String> everybodys) {
        List<String> given =
                everybodys.stream().filter(text -> !text.equals("none")).toList();
        given.forEach(text -> Capability.parse(text.replace(ID, "someone")));
        return new Rights(given);
    }

    /** Whether {@code who}, a person, may do {@code action} with {@code stream}. */
    boolean allow(Principal who, Action action, StreamName stream) {
        return hasCapability(who, action, stream)
                || everybodys.stream()
                        .map(text -> Capability.parse(text.replace(ID, who.id())))
                        .anyMatch(capability -> capability.allows(action, stream.value()));
    }

    /** Whether the token or key of {@code who} allows it. */
    static boolean hasCapability(Principal who, Action action, StreamName stream) {
        return who.capabilities().stream()
                .map(Capability::parse)
                .anyMatch(capability -> capability.allows(action, stream.value()));
    }
}
