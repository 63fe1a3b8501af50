package dev.tutti.server.identity;

import dev.tutti.TuttiException;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Principal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What everybody who is signed in may do with streams and feeds: capabilities in which {@code {id}} stands for who they are. Beside that each
 * has the capabilities of their token; a program has those of its key alone. What none of these allows is denied. Immutable.
 */
public final class Rights {
    private static final String ID = "{id}";

    private final List<String> everybodys;

    private Rights(List<String> everybodys) {
        this.everybodys = everybodys;
    }

    /**
     * What allows something.
     *
     * @param capability as it is written, with {@code {id}}
     * @param own whether the token or key has it, and not everybody
     */
    record Grant(String capability, boolean own) {
        private boolean allows(Principal who, Action action, String name) {
            return Capability.parse(own ? capability : capability.replace(ID, who.id()))
                    .allows(action, name);
        }
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

    /** What allows {@code who} to do {@code action} with what is called {@code name}: the first of {@link #grants}; empty if nothing does. */
    Optional<Grant> grant(Principal who, Action action, String name) {
        return grants(who).filter(grant -> grant.allows(who, action, name)).findFirst();
    }

    /** All that {@code who} has: what the token or key says first, then what everybody has unless it is a key. */
    Stream<Grant> grants(Principal who) {
        Stream<Grant> own = who.capabilities().stream().map(text -> new Grant(text, true));
        return isProgram(who) ? own : Stream.concat(own, everybodys.stream().map(text -> new Grant(text, false)));
    }

    /** Whether {@code who} comes with a key. */
    static boolean isProgram(Principal who) {
        return ApiKey.idOf(who.session()) != null;
    }
}
