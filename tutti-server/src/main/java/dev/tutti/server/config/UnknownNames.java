package dev.tutti.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds names that are no settings, but were probably meant to be. One that begins with {@code TUTTI_} and is nearly a
 * setting's is a mistake. The environment has many others; of those only the ones that look like a setting of ours, or are
 * what servers of this kind often call theirs, are worth a warning.
 */
final class UnknownNames {
    private static final String OUR_PREFIX = "TUTTI_";

    /** The variables that Kubernetes sets in every container for a service that is called "tutti" or "tutti-...". */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("TUTTI_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_[0-9]+_[A-Z0-9_]+)?)");

    /** Names that the commands read from the environment, and servers do not. */
    private static final Set<String> OF_COMMANDS = Set.of("TUTTI_KEY");

    /** One wrong character in so many makes a name that was probably meant. */
    private static final int CHARACTERS_PER_CHANGE = 4;

    /** The names of settings of other servers, each with the one of ours that says the same. */
    private static final Map<String, String> OF_OTHERS = Map.ofEntries(
            Map.entry("DB_PASSWORD", DatabaseSettings.DATABASE_URL.name()),
            Map.entry("POSTGRES_DB", DatabaseSettings.DATABASE_URL.name()),
            Map.entry("POSTGRES_PASSWORD", DatabaseSettings.DATABASE_URL.name()),
            Map.entry("POSTGRES_USER", DatabaseSettings.DATABASE_URL.name()));

    private UnknownNames() {}

    /** Names that begin as ours do and are nearly a setting's: somebody who wrote them relies on them. */
    static List<ConfigurationError> mistakes(List<SettingSource> sources) {
        return found(
                sources,
                (name, source) -> ours(name)
                        ? meant(name).map(setting -> "(" + source + ") is not a setting; did you mean " + setting + "?")
                        : Optional.empty());
    }

    /** Names that have no effect, though somebody may think so; {@code configured} are the settings that have a value. */
    static List<ConfigurationError> warnings(List<SettingSource> sources, Predicate<String> configured) {
        return found(sources, (name, source) -> {
            String same = OF_OTHERS.get(name);
            if (same != null) {
                return configured.test(same)
                        ? Optional.empty()
                        : Optional.of("(" + source + ") has no effect: what it may say is part of " + same);
            }
            Optional<String> meant = meant(name);
            return ours(name) || meant.isPresent()
                    ? Optional.of("(" + source + ") has no effect: it is not a setting; the nearest is "
                            + meant.orElseGet(() -> Spelling.nearest(name, known())))
                    : Optional.empty();
        });
    }

    private interface Judge {
        Optional<String> of(String name, String source);
    }

    private static List<ConfigurationError> found(List<SettingSource> sources, Judge judge) {
        List<ConfigurationError> found = new ArrayList<>();
        for (SettingSource source : sources) {
            for (String name : new TreeMap<>(source.values()).keySet()) {
                if (!known().contains(name)
                        && !OF_COMMANDS.contains(name)
                        && !SERVICE_LINK.matcher(name).matches()) {
                    judge.of(name, source.name())
                            .ifPresent(message -> found.add(new ConfigurationError(name, message)));
                }
            }
        }
        return found;
    }

    private static boolean ours(String name) {
        return name.startsWith(OUR_PREFIX);
    }

    /** The setting that {@code name} nearly is, whether or not it begins as ours do. */
    private static Optional<String> meant(String name) {
        String core = core(name);
        return known().stream()
                .filter(setting -> Spelling.distance(core, core(setting)) * CHARACTERS_PER_CHANGE <= core.length())
                .min((one, other) ->
                        Integer.compare(Spelling.distance(core, core(one)), Spelling.distance(core, core(other))));
    }

    private static String core(String name) {
        return ours(name) ? name.substring(OUR_PREFIX.length()) : name;
    }

    private static Collection<String> known() {
        return Settings.ALL.stream().map(Setting::name).toList();
    }
}
