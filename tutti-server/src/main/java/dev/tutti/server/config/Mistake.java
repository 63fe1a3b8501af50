package dev.tutti.server.config;

/**
 * Something wrong in the configuration.
 *
 * @param name the setting, or what was taken for one
 * @param message value, where it came from, and what is allowed, without secrets
 */
public record Mistake(String name, String message) {
    /** A sentence for the person who has to mend it. */
    public String sentence() {
        return name + " " + message;
    }
}
