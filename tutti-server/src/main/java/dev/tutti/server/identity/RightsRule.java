package dev.tutti.server.identity;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A rule about everybody who is signed in: a capability in which {@code {id}} stands for who they are, and {@code {claim:NAME}} for each
 * value that their token has of that claim. Immutable.
 *
 * @param text as it is written
 * @param action what may be done
 * @param parts of the names with which it may be
 * @param open whether any end may follow them
 */
record RightsRule(String text, Action action, List<Part> parts, boolean open) {
    private static final Pattern PLACE = Pattern.compile("\\{(?:id|claim:([^{}\\s,]+))}");
    private static final String ANY = "*";

    RightsRule {
        parts = List.copyOf(parts);
    }

    /** A part of a name. */
    sealed interface Part {
        /** The texts that may be there, for {@code who}; nothing if that is not known. */
        Set<String> values(Principal who);
    }

    private record Literal(String text) implements Part {
        @Override
        public Set<String> values(Principal who) {
            return Set.of(text);
        }
    }

    private record Id() implements Part {
        @Override
        public Set<String> values(Principal who) {
            return Set.of(who.id());
        }
    }

    private record Claim(String name) implements Part {
        @Override
        public Set<String> values(Principal who) {
            return who.claims().getOrDefault(name, Set.of());
        }
    }

    /**
     * The one that {@code text} stands for.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it stands for none
     */
    static RightsRule parse(String text) {
        Action action = Capability.parse(PLACE.matcher(text).replaceAll("x")).action();
        int colon = text.indexOf(':');
        return of(text, action, colon < 0 ? ANY : text.substring(colon + 1));
    }

    /** The one of which no part stands for something else. */
    static RightsRule of(Capability capability) {
        return of(capability.toString(), capability.action(), capability.pattern());
    }

    private static RightsRule of(String text, Action action, String pattern) {
        boolean open = pattern.endsWith(ANY);
        String name = open ? pattern.substring(0, pattern.length() - 1) : pattern;
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(name);
        int end = 0;
        while (place.find()) {
            parts.add(new Literal(name.substring(end, place.start())));
            parts.add(place.group(1) == null ? new Id() : new Claim(place.group(1)));
            end = place.end();
        }
        parts.add(new Literal(name.substring(end)));
        return new RightsRule(text, action, parts, open);
    }

    /** The claims that it asks for. */
    Set<String> claims() {
        return parts.stream()
                .filter(Claim.class::isInstance)
                .map(part -> ((Claim) part).name())
                .collect(Collectors.toSet());
    }

    /** Whether it allows {@code who} to do {@code wanted} with what is called {@code name}. */
    boolean allows(Principal who, Action wanted, String name) {
        if (action != wanted) {
            return false;
        }
        Set<Integer> ends = Set.of(0); // where what is looked at already may end
        for (Part part : parts) {
            ends = further(name, ends, part.values(who));
        }
        return open ? !ends.isEmpty() : ends.contains(name.length());
    }

    private static Set<Integer> further(String name, Set<Integer> ends, Set<String> values) {
        Set<Integer> further = new HashSet<>();
        for (int end : ends) {
            for (String value : values) {
                if (name.startsWith(value, end)) {
                    further.add(end + value.length());
                }
            }
        }
        return further;
    }
}
