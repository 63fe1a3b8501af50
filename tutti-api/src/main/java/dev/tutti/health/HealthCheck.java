package dev.tutti.health;

/**
 * Finds out how well a dependency is. Called on a platform thread, never twice at a time; may block, and counts as
 * {@link Status#UNAVAILABLE} while it takes longer than three seconds.
 */
@FunctionalInterface
public interface HealthCheck {
    /** How it is; an exception means {@link Status#UNAVAILABLE}, for the reason that its innermost cause gives. */
    Status check() throws Exception;
}
