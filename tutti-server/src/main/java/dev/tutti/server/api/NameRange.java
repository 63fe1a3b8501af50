package dev.tutti.server.api;

import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Namespace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of streams that follow one another in their order.
 *
 * @param from the first one, or a text before it
 * @param before a text behind the last one
 */
record NameRange(String from, String before) {
    private static final String FIRST = "!"; // before every character of names
    private static final String LAST = "\u007f"; // behind every one

    /** The streams that nobody reads, whatever a key says. */
    private static final NameRange INTERNAL = beginningWith(Namespace.STREAM_KIND + ":");

    /** All that begin with {@code start}. */
    static NameRange beginningWith(String start) {
        return new NameRange(start, start + LAST);
    }

    /** {@code name} and no other. */
    static NameRange of(String name) {
        return new NameRange(name, name + FIRST);
    }

    private static NameRange of(Capability capability) {
        String pattern = capability.pattern();
        return pattern.endsWith("*") ? beginningWith(pattern.substring(0, pattern.length() - 1)) : of(pattern);
    }

    /** Those that begin with {@code prefix} and that {@code key} may read, in their order; no two of these have a name in common. */
    static List<NameRange> readable(ApiKey key, String prefix) {
        NameRange asked = beginningWith(prefix);
        List<NameRange> sorted = key.capabilities().stream()
                .filter(capability -> capability.action() == Action.READ)
                .map(capability -> of(capability).within(asked))
                .flatMap(range -> range.without(INTERNAL))
                .sorted(Comparator.comparing(NameRange::from)
                        .thenComparing(NameRange::before, Comparator.reverseOrder()))
                .toList();
        List<NameRange> apart = new ArrayList<>();
        for (NameRange range : sorted) {
            // what capabilities name is either within another one or apart from it
            if (apart.isEmpty() || range.from.compareTo(apart.getLast().before) >= 0) {
                apart.add(range);
            }
        }
        return apart;
    }

    boolean isEmpty() {
        return from.compareTo(before) >= 0;
    }

    /** Those of them that follow {@code name}. */
    NameRange behind(String name) {
        return new NameRange(later(from, name + FIRST), before);
    }

    private NameRange within(NameRange other) {
        return new NameRange(later(from, other.from), earlier(before, other.before));
    }

    private Stream<NameRange> without(NameRange hole) {
        NameRange left = new NameRange(from, earlier(before, hole.from));
        NameRange right = new NameRange(later(from, hole.before), before);
        return Stream.of(left, right).filter(range -> !range.isEmpty());
    }

    private static String later(String one, String other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static String earlier(String one, String other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
