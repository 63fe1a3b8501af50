package dev.tutti.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values that are in force, each with where it came from. Immutable, and without mistakes. */
public final class Configuration implements SettingValues {
    /** The outcome of reading a configuration. */
    public sealed interface Outcome {}

    /** A configuration of which every value is one that is allowed. */
    public record Valid(Configuration configuration) implements Outcome {}

    /** All mistakes of a configuration of which at least one value is not allowed. */
    public record Invalid(List<ConfigurationError> mistakes) implements Outcome {
        public Invalid {
            mistakes = List.copyOf(mistakes);
        }
    }

    /**
     * A setting's text, and whose it is.
     *
     * @param text as written, not masked
     * @param from the source's name, or {@code default}
     */
    public record Entry(String text, String from) {}

    private static final String DEFAULT = "default";

    private final Map<String, Entry> entries;
    private final Set<String> unreadable;
    private final List<ConfigurationError> warnings;

    private Configuration(Map<String, Entry> entries, Set<String> unreadable, List<ConfigurationError> warnings) {
        this.entries = entries;
        this.unreadable = unreadable;
        this.warnings = warnings;
    }

    /** Puts together what {@code sources}, the strongest first, say. */
    public static Outcome of(List<SettingSource> sources) {
        List<ConfigurationError> mistakes = new ArrayList<>(UnknownNames.mistakes(sources));
        Map<String, Entry> entries = new LinkedHashMap<>();
        Set<String> unreadable = new HashSet<>();
        for (Setting<?> setting : Settings.ALL) {
            Entry entry = entry(setting, sources);
            entries.put(setting.name(), entry);
            try {
                setting.read(entry.text);
            } catch (InvalidValueException e) {
                unreadable.add(setting.name());
                mistakes.add(ConfigurationError.notAllowed(
                        setting,
                        entry.text,
                        entry.from,
                        e.getMessage(),
                        setting.type().allowed()));
            }
        }
        Configuration configuration = new Configuration(
                Map.copyOf(entries),
                Set.copyOf(unreadable),
                UnknownNames.warnings(
                        sources,
                        name -> entries.containsKey(name)
                                && !entries.get(name).from().equals(DEFAULT)));
        mistakes.addAll(configuration.contradictions());
        return mistakes.isEmpty() ? new Valid(configuration.warned()) : new Invalid(mistakes);
    }

    /** The same with what is to be said of values that can all be read. */
    private Configuration warned() {
        List<ConfigurationError> all = new ArrayList<>(warnings);
        all.addAll(CachingSettings.warnings(this));
        all.addAll(RedisConnectionSettings.warnings(this));
        all.addAll(IdentitySettings.warnings(this));
        all.addAll(RateLimitSettings.warnings(this));
        return new Configuration(entries, unreadable, List.copyOf(all));
    }

    @Override
    public <T> T value(Setting<T> setting) {
        try {
            return setting.read(entry(setting).text);
        } catch (InvalidValueException refused) {
            throw new IllegalStateException(setting.name() + " was checked before", refused);
        }
    }

    /**
     * The settings that are set and have no effect, though somebody may think that they have, or that let strangers do more than
     * somebody may think.
     */
    public List<ConfigurationError> warnings() {
        return warnings;
    }

    @Override
    public boolean isSet(Setting<?> setting) {
        return !from(setting).equals(DEFAULT);
    }

    @Override
    public String from(Setting<?> setting) {
        return entry(setting).from;
    }

    @Override
    public String text(Setting<?> setting) {
        return entry(setting).text;
    }

    /** The text of {@code setting}, and where it came from. */
    public Entry entry(Setting<?> setting) {
        Entry entry = entries.get(setting.name());
        if (entry == null) {
            throw new IllegalArgumentException(setting.name() + " is not one of Settings.ALL");
        }
        return entry;
    }

    @Override
    public boolean readable(Setting<?>... settings) {
        return Arrays.stream(settings).map(Setting::name).noneMatch(unreadable::contains);
    }

    /** The mistakes that are between settings, of those that can be read at all. */
    private List<ConfigurationError> contradictions() {
        List<ConfigurationError> mistakes = new ArrayList<>(DatabaseSettings.mistakes(this));
        mistakes.addAll(ServerSettings.mistakes(this));
        mistakes.addAll(IdentitySettings.mistakes(this));
        mistakes.addAll(ClusterSettings.mistakes(this));
        mistakes.addAll(BusSettings.mistakes(this));
        mistakes.addAll(FileStorageSettings.mistakes(this));
        mistakes.addAll(SessionStoreSettings.mistakes(this));
        return mistakes;
    }

    private static Entry entry(Setting<?> setting, List<SettingSource> sources) {
        for (SettingSource source : sources) {
            String text = Optional.ofNullable(source.values().get(setting.name()))
                    .orElse("")
                    .strip();
            if (!text.isEmpty()) {
                return new Entry(text, source.name());
            }
        }
        return new Entry(setting.fallback(), DEFAULT);
    }
}
