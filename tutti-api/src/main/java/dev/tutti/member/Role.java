package dev.tutti.member;

import java.util.Arrays;
import java.util.Locale;

/** The work of an instance, as other instances know it. */
public enum Role {
    /** It answers clients. */
    HTTP,

    /** It runs workers. */
    WORKERS,

    /** Both. */
    ALL;

    /**
     * The role with this {@link #text}. Any other text comes from a newer version, and is read as {@link #ALL}. This does no harm if it is
     * wrong. A limit is divided by more instances than enforce it, so less is allowed, and never more. A shard that is left to such an
     * instance is taken by the others a moment later.
     */
    public static Role of(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElse(ALL);
    }

    /** The name of the role for other instances and for people: {@code http}, {@code workers} or {@code all}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it answers clients; otherwise it serves only health and metrics. */
    public boolean answersClients() {
        return this != WORKERS;
    }

    /** Whether it runs workers. */
    public boolean runsWorkers() {
        return this != HTTP;
    }
}
