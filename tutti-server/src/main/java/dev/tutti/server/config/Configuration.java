package dev.tutti.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values that are in force, each with where it came from. Immutable, and without mistakes. */
public final class Configuration implements SettingValues {
    /** What reading a configuration comes to. */
    public sealed interface Outcome {}

    /** Every value is one that is allowed. */
    public record Valid(Configuration configuration) implements Outcome {}

    /** At least one is not; all that are wrong. */
    public record Invalid(List<Mistake> mistakes) implements Outcome {
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
    private final List<Mistake> warnings;

    private Configuration(Map<String, Entry> entries, List<Mistake> warnings) {
        this.entries = entries;
        this.warnings = warnings;
    }

    /** Puts together what {@code sources}, the strongest first, say. */
    public static Outcome of(List<Source> sources) {
        List<Mistake> mistakes = new ArrayList<>(UnknownNames.mistakes(sources));
        Map<String, Entry> entries = new LinkedHashMap<>();
        Set<String> refused = new HashSet<>();
        for (Setting<?> setting : Settings.ALL) {
            Entry entry = entry(setting, sources);
            entries.put(setting.name(), entry);
            try {
                setting.read(entry.text);
            } catch (Refused e) {
                refused.add(setting.name());
                mistakes.add(notAllowed(
                        setting, entry, e.getMessage(), setting.type().allowed()));
            }
        }
        Configuration configuration = new Configuration(
                Map.copyOf(entries),
                UnknownNames.warnings(
                        sources,
                        name -> entries.containsKey(name)
                                && !entries.get(name).from().equals(DEFAULT)));
        mistakes.addAll(configuration.contradictions(refused));
        return mistakes.isEmpty() ? new Valid(configuration.warned()) : new Invalid(mistakes);
    }

    /** The same with what is to be said of values that can all be read. */
    private Configuration warned() {
        List<Mistake> all = new ArrayList<>(warnings);
        all.addAll(CachingSettings.warnings(this));
        all.addAll(IdentitySettings.warnings(this));
        all.addAll(RateLimitSettings.warnings(this));
        return new Configuration(entries, List.copyOf(all));
    }

    @Override
    public <T> T value(Setting<T> setting) {
        try {
            return setting.read(entry(setting).text);
        } catch (Refused refused) {
            throw new IllegalStateException(setting.name() + " was checked before", refused);
        }
    }

    /** What is set and has no effect, though somebody may think that it has; or lets strangers do more than somebody may think. */
    public List<Mistake> warnings() {
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

    /** The text of {@code setting}, and where it came from. */
    public Entry entry(Setting<?> setting) {
        Entry entry = entries.get(setting.name());
        if (entry == null) {
            throw new IllegalArgumentException(setting.name() + " is not one of Settings.ALL");
        }
        return entry;
    }

    /** What is wrong between settings, of those that can be read at all. */
    private List<Mistake> contradictions(Set<String> refused) {
        List<Mistake> mistakes = new ArrayList<>();
        atMost(refused, DatabaseSettings.DB_MIN_CONNECTIONS, DatabaseSettings.DB_MAX_CONNECTIONS)
                .ifPresent(mistakes::add);
        atMost(refused, ServerSettings.DRAIN_DELAY, ServerSettings.SHUTDOWN_BUDGET)
                .ifPresent(mistakes::add);
        atMost(refused, IdentitySettings.ACCESS_TTL, IdentitySettings.REFRESH_TTL)
                .ifPresent(mistakes::add);
        if (readable(refused, ClusterSettings.HEARTBEAT_INTERVAL, ClusterSettings.MEMBER_TIMEOUT)
                && value(ClusterSettings.MEMBER_TIMEOUT)
                                .compareTo(value(ClusterSettings.HEARTBEAT_INTERVAL)
                                        .multipliedBy(3))
                        < 0) {
            mistakes.add(notAllowed(
                    ClusterSettings.MEMBER_TIMEOUT,
                    entry(ClusterSettings.MEMBER_TIMEOUT),
                    "",
                    "at least three times " + ClusterSettings.HEARTBEAT_INTERVAL.name() + ", which is "
                            + entry(ClusterSettings.HEARTBEAT_INTERVAL).text));
        }
        if (readable(refused, DatabaseSettings.DATABASE_URL, IdentitySettings.JWT_SECRET)
                && value(DatabaseSettings.DATABASE_URL).isPresent()
                && value(IdentitySettings.JWT_SECRET).isEmpty()) {
            mistakes.add(new Mistake(
                    IdentitySettings.JWT_SECRET.name(),
                    "is required with DATABASE_URL, since all instances must share it; set it to "
                            + IdentitySettings.JWT_SECRET.type().allowed()
                            + ", for example what openssl rand -base64 48 prints"));
        }
        if (readable(refused, BusSettings.BUS, BusSettings.REDIS_URL)
                && value(BusSettings.BUS) == BusSettings.BusKind.REDIS
                && value(BusSettings.REDIS_URL).isEmpty()
                && entry(CachingSettings.REDIS_HOST).text().isEmpty()) {
            mistakes.add(new Mistake(
                    BusSettings.REDIS_URL.name(),
                    "is required with TUTTI_BUS=redis; set it to "
                            + BusSettings.REDIS_URL.type().allowed()));
        }
        if (readable(
                refused,
                FileStorageSettings.PROVIDER,
                FileStorageSettings.BUCKET,
                FileStorageSettings.ACCESS_KEY_ID,
                FileStorageSettings.SECRET_ACCESS_KEY)) {
            mistakes.addAll(FileStorageSettings.mistakes(this));
        }
        if (readable(
                refused,
                DatabaseSettings.DATABASE_URL,
                SessionStoreSettings.USE_REDIS,
                SessionStoreSettings.SECRET,
                SessionStoreSettings.ENCRYPTION_KEY)) {
            mistakes.addAll(SessionStoreSettings.mistakes(this));
        }
        return mistakes;
    }

    /** That {@code less} is more than {@code more}. */
    private <T extends Comparable<T>> Optional<Mistake> atMost(Set<String> refused, Setting<T> less, Setting<T> more) {
        return readable(refused, less, more) && value(less).compareTo(value(more)) > 0
                ? Optional.of(
                        notAllowed(less, entry(less), "", "at most " + more.name() + ", which is " + entry(more).text))
                : Optional.empty();
    }

    private static boolean readable(Set<String> refused, Setting<?>... settings) {
        return Arrays.stream(settings).map(Setting::name).noneMatch(refused::contains);
    }

    private static Mistake notAllowed(Setting<?> setting, Entry entry, @Nullable String mistake, String allowed) {
        return new Mistake(
                setting.name(),
                "= '" + setting.shown(entry.text) + "' (" + entry.from + ") is not allowed"
                        + (mistake == null || mistake.isEmpty() ? "" : ": " + mistake) + "; allowed: " + allowed);
    }

    private static Entry entry(Setting<?> setting, List<Source> sources) {
        for (Source source : sources) {
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
