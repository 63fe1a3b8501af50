package dev.tutti.testkit.nemesis;

import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;

/** A cluster to which a {@link Nemesis} can do what it has in mind. Safe for use by many threads; methods block. */
public interface FaultTarget {
    /** SIGKILL; the instance stays away until {@link #revive}. */
    void kill(int instance) throws IOException;

    /** SIGTERM; returns when the instance has left, and it stays away until {@link #revive}. */
    void drain(int instance) throws IOException, InterruptedException;

    /** Has the instance started again; does not wait until it is ready. */
    void revive(int instance);

    /** Waits until the instance is ready; whether it was in time. */
    boolean awaitReady(int instance) throws InterruptedException;

    /** SIGSTOP. */
    void freeze(int instance) throws IOException;

    /** SIGCONT. */
    void thaw(int instance) throws IOException;

    /** Makes a link like this. */
    void disturb(Link link, LinkFault linkFault);

    /** Resets all connections of a link. */
    void cut(Link link);

    /** Starts {@code programs} that do nothing but compute, until {@link #relieve}. */
    void starve(int programs) throws IOException;

    /** Ends them. */
    void relieve();

    /** Ends PostgreSQL at once, without a goodbye; it comes back by itself. */
    void crashDatabase() throws IOException;

    /** Ends the sessions of all instances by {@code pg_terminate_backend}. */
    void terminateSessions() throws IOException;

    /** {@code FLUSHALL}. */
    void flushRedis() throws IOException, InterruptedException;

    /** Ends Redis at once. */
    void stopRedis() throws IOException;

    /** Starts Redis again, empty. */
    void startRedis() throws IOException, InterruptedException;
}
