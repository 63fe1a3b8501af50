package dev.tutti.cli.cluster;

import java.time.Duration;
import java.util.List;

/**
 * The part of a cluster that listens on the one port and gives each request to one of the workers, in turn and without stickiness. For one
 * thread at a time.
 */
sealed interface Balancer permits LibraryBalancer, NoBalancer, SupervisedBalancer {
    /** The name that people know it by. */
    String name();

    /**
     * Begins to listen, before {@code workers}.
     *
     * @throws dev.tutti.TuttiException if it does not
     */
    void start(List<Upstream> workers) throws InterruptedException;

    /** From now on requests go to {@code workers} alone, at least one; those that were given away go on. */
    void route(List<Upstream> workers) throws InterruptedException;

    /** Accepts nothing more, and lets what was begun go on. */
    void leave();

    /** Ends it, when the workers are gone; at the latest after {@code budget}. */
    void end(Duration budget) throws InterruptedException;

    /** How it stands, for people. */
    String standing();
}
