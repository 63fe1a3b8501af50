package dev.tutti.core.health;

/** Finds out how well a dependency is. Called on a virtual thread; may block, and is given up after two seconds. */
@FunctionalInterface
public interface HealthCheck {
    /** How it is; an exception means {@link Status#UNAVAILABLE}. */
    Status check() throws Exception;
}
