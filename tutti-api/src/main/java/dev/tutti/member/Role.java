package dev.tutti.member;

import java.util.Arrays;
import java.util.Locale;

/** The work of an instance, as the others know it. */
public enum Role {
    /** It answers clients. */
    HTTP,

    /** It runs workers. */
    WORKERS,

    /** Both. */
    ALL;

    /**
     * The role that {@code text} names, as {@link #text} does. Any other text is of a newer version, and read as {@link #ALL}, which does no
     * harm if it is wrong: a limit is divided by more instances than enforce it, so that less is allowed and never more, and the others
     * take a shard that is left to such an instance a moment later.
     */
    public static Role of(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElse(ALL);
    }

    /** Its name between instances and to people: {@code http}, {@code workers} or {@code all}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it answers clients; without them it has health and metrics alone. */
    public boolean answersClients() {
        return this != WORKERS;
    }

    /** Whether it runs workers. */
    public boolean runsWorkers() {
        return this != HTTP;
    }
}
