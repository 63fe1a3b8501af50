package dev.tutti.server.identity;

import dev.tutti.TuttiException;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Principal;
import java.util.List;

/**
 * What everybody who is signed in may do with streams and feeds: capabilities in which {@code {id}} stands for who they are. Beside that each
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

    /** Whether {@code who}, a person, may do {@code action} with what is called {@code name}. */
    boolean allow(Principal who, Action action, String name) {
        return hasCapability(who, action, name)
                || everybodys.stream()
                        .map(text -> Capability.parse(text.replace(ID, who.id())))
                        .anyMatch(capability -> capability.allows(action, name));
    }

    /** Whether the token or key of {@code who} allows it. */
    static boolean hasCapability(Principal who, Action action, String name) {
        return who.capabilities().stream()
                .map(Capability::parse)
                .anyMatch(capability -> capability.allows(action, name));
    }
}
