package dev.tutti.server.identity;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.Chat;
import dev.tutti.job.Job;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rights of everybody who is signed in to streams and feeds: {@linkplain RightsRule rules} with places for who they are and what their
 * token claims; and, behind {@code anybody:}, what anybody may read. Beside that each has the capabilities of their token; a program has
 * those of its key and what anybody has. Anything that none of these allows is denied. Immutable.
 */
public final class Rights {
    private static final String ANYBODY = "anybody:";
    private static final Pattern PUBLIC = Pattern.compile("read:([a-z][a-z0-9-]{0,31}):.+");

    /**
     * The kinds that no rule opens to anybody: those that the server keeps for itself, and those of the chat, in which people see what
     * was told while they were members.
     */
    private static final Set<String> CLOSED =
            Set.of(AuditTrail.KIND, Job.STREAM_KIND, Namespace.STREAM_KIND, Chat.STREAM_KIND, "user");

    private final List<RightsRule> everybodys;
    private final List<String> anybodys;

    private Rights(List<RightsRule> everybodys, List<String> anybodys) {
        this.everybodys = everybodys;
        this.anybodys = anybodys;
    }

    /**
     * A rule that allows something, and its holder.
     *
     * @param rule as it is written, without {@code anybody:}
     * @param holder who has it
     */
    record Grant(RightsRule rule, Holder holder) {
        private static Grant literal(String capability, Holder holder) {
            return new Grant(RightsRule.of(Capability.parse(capability)), holder);
        }

        /** As it is written, without {@code anybody:}. */
        String capability() {
            return rule.text();
        }

        /** Whether the token or key has it, and not everybody. */
        boolean own() {
            return holder == Holder.BEARER;
        }
    }

    /** Those who have a capability: the bearer of a token or key that says so, everybody who is signed in, or anybody. */
    enum Holder {
        BEARER,
        EVERYBODY,
        ANYBODY
    }

    /**
     * Those that {@code rules} say.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if one of these is no capability, or none that anybody may have
     */
    public static Rights of(List<String> rules) {
        List<String> anybodys = rules.stream()
                .filter(text -> text.startsWith(ANYBODY))
                .map(text -> text.substring(ANYBODY.length()))
                .toList();
        List<RightsRule> everybodys = rules.stream()
                .filter(text -> !text.startsWith(ANYBODY) && !text.equals("none"))
                .map(RightsRule::parse)
                .toList();
        anybodys.forEach(Rights::requirePublic);
        return new Rights(everybodys, anybodys);
    }

    /** A rule for anybody says the whole kind, so that it opens no other one by its beginning. */
    private static void requirePublic(String capability) {
        Matcher parts = PUBLIC.matcher(Capability.parse(capability).toString());
        if (!parts.matches() || CLOSED.contains(parts.group(1))) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "right '" + ANYBODY + capability
                            + "' cannot be anybody's: it has to be read:KIND:NAME, perhaps with a *"
                            + " at its end, with a kind that is not one of those which are closed ("
                            + CLOSED.stream().sorted().collect(Collectors.joining(", ")) + ")");
        }
    }

    /** The claims of tokens that rules ask for. */
    Set<String> claims() {
        return everybodys.stream().flatMap(rule -> rule.claims().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** The first rule that allows anybody to do {@code action} with what is called {@code name}; empty if nothing does. */
    Optional<Grant> anybodys(Action action, String name) {
        return anybodys()
                .filter(grant -> Capability.parse(grant.capability()).allows(action, name))
                .findFirst();
    }

    /** All that anybody has. */
    Stream<Grant> anybodys() {
        return anybodys.stream().map(text -> Grant.literal(text, Holder.ANYBODY));
    }

    /** The grant of {@code action} on what is called {@code name} to {@code who}: the first of {@link #grants}; empty if there is none. */
    Optional<Grant> grant(Principal who, Action action, String name) {
        return grants(who)
                .filter(grant -> grant.rule().allows(who, action, name))
                .findFirst();
    }

    /** All that {@code who} has: what the token or key says first, then what everybody has unless it is a key, then what anybody has. */
    Stream<Grant> grants(Principal who) {
        Stream<Grant> own = who.capabilities().stream().map(text -> Grant.literal(text, Holder.BEARER));
        Stream<Grant> everybodys =
                this.everybodys.stream().filter(_ -> !isProgram(who)).map(rule -> new Grant(rule, Holder.EVERYBODY));
        return Stream.concat(Stream.concat(own, everybodys), anybodys());
    }

    /** Whether {@code who} comes with a key. */
    static boolean isProgram(Principal who) {
        return ApiKey.idOf(who.session()) != null;
    }
}
