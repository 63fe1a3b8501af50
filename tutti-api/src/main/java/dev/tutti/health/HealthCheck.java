package dev.tutti.health;

/**
 * A check of a dependency. It is called on a platform thread, never twice at a time. It may block, and counts as {@link
 * Status#UNAVAILABLE} while it takes longer than three seconds.
 */
@FunctionalInterface
public interface HealthCheck {
    /** The state of the dependency. An exception means {@link Status#UNAVAILABLE}; its innermost cause has the reason. */
    Status check() throws Exception;
}
