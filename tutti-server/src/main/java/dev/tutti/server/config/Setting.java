package dev.tutti.server.config;

import java.util.Locale;
import java.util.Optional;

/**
 * A setting as it is declared: what it is called, which values it takes, and what it is when nobody says anything.
 *
 * @param name the environment variable, {@code A-Z 0-9 _}
 * @param section the heading under which people read of it
 * @param type which values it takes
 * @param fallback the text that stands for it when it is not set; empty if that means "none"
 * @param mask how much of its value may be shown
 * @param description what it does, in a sentence or two, for people who run the server
 */
public record Setting<T>(
        String name, Section section, Type<T> type, String fallback, SecretMask mask, String description) {

    /** The headings of the reference page, in its order. */
    public enum Section {
        /** The place where the server listens, and its name. */
        SERVER("Server"),
        /** Its work beside answering clients. */
        WORK("Work"),
        /** How it knows of others. */
        CLUSTER("Several instances"),
        /** Where the data is. */
        DATABASE("Database"),
        /** A part that only makes things faster. */
        REDIS("Redis"),
        /** Values that are kept so that they are asked for less. */
        CACHE("Caches"),
        /** The files that people upload. */
        FILES("Files"),
        /** The people who may come in, and for how long. */
        ACCOUNTS("Accounts"),
        /** How much of everything. */
        LIMITS("Limits"),
        /** How long events are kept. */
        RETENTION("Retention"),
        /** The lines that the server writes about itself. */
        LOG("Log");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        /** The heading. */
        public String title() {
            return title;
        }
    }

    /** A setting whose value may be shown. */
    static <T> Setting<T> open(String name, Section section, Type<T> type, String fallback, String description) {
        return new Setting<>(name, section, type, fallback, SecretMask.OPEN, description);
    }

    /** The value that {@code text} stands for; an empty text is as good as none. */
    public T read(String text) throws InvalidValueException {
        return type.read(text.isBlank() ? fallback : text.strip());
    }

    /** {@code text} as people may see it. */
    public String shown(String text) {
        return mask.shown(text);
    }

    /** The command line flag; none for secrets, which everybody could read in the list of processes. */
    public Optional<String> flag() {
        return mask == SecretMask.OPEN
                ? Optional.of("--"
                        + name.replaceFirst("^TUTTI_", "")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                : Optional.empty();
    }
}
