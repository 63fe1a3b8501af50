package dev.tutti.server.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong in the configuration.
 *
 * @param name the setting, or what was taken for one
 * @param message value, where it came from, and what is allowed, without secrets
 */
public record ConfigurationError(String name, String message) {
    /** A sentence for the person who has to mend it. */
    public String sentence() {
        return name + " " + message;
    }

    /** The mistake that the value of {@code setting} can be read and contradicts another one; {@code allowed} says which do not. */
    static ConfigurationError notAllowed(SettingValues values, Setting<?> setting, String allowed) {
        return notAllowed(setting, values.text(setting), values.from(setting), "", allowed);
    }

    /**
     * The mistake that {@code setting} has the value {@code text}, from the source {@code from}.
     *
     * @param reason says where the mistake is in the text; null or empty if there is but one place
     */
    static ConfigurationError notAllowed(
            Setting<?> setting, String text, String from, @Nullable String reason, String allowed) {
        return new ConfigurationError(
                setting.name(),
                "= '" + setting.shown(text) + "' (" + from + ") is not allowed"
                        + (reason == null || reason.isEmpty() ? "" : ": " + reason) + "; allowed: " + allowed);
    }

    /** The mistake that {@code less} is more than {@code more}; none where one of them cannot be read. */
    static <T extends Comparable<T>> Optional<ConfigurationError> unlessAtMost(
            SettingValues values, Setting<T> less, Setting<T> more) {
        return values.readable(less, more) && values.value(less).compareTo(values.value(more)) > 0
                ? Optional.of(notAllowed(values, less, "at most " + more.name() + ", which is " + values.text(more)))
                : Optional.empty();
    }
}
