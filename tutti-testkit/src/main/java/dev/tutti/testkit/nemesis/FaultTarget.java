package dev.tutti.testkit.nemesis;

import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;

/** A cluster in which a {@link Nemesis} can cause faults. Instances are numbered from 0. Safe for use by many threads; methods block. */
public interface FaultTarget {
    /** Kills an instance with SIGKILL; it is down until {@link #revive}. */
    void kill(int instance) throws IOException;

    /** Closes an instance with SIGTERM, and returns when it has ended; it is down until {@link #revive}. */
    void drain(int instance) throws IOException, InterruptedException;

    /** Lets an instance be started again; does not wait until it is ready. */
    void revive(int instance);

    /** Waits until an instance is ready; returns whether it became ready in time. */
    boolean awaitReady(int instance) throws InterruptedException;

    /** Stops all threads of an instance with SIGSTOP, until {@link #thaw}. */
    void freeze(int instance) throws IOException;

    /** Continues an instance with SIGCONT. */
    void thaw(int instance) throws IOException;

    /** Sets the fault of a link; {@link LinkFault#CLEAR} ends it. */
    void disturb(Link link, LinkFault linkFault);

    /** Resets all connections of a link. */
    void cut(Link link);

    /** Starts {@code programs} programs that only compute, until {@link #relieve}. */
    void starve(int programs) throws IOException;

    /** Ends the programs that {@link #starve} has started. */
    void relieve();

    /** Lets PostgreSQL crash; it restarts by itself. */
    void crashDatabase() throws IOException;

    /** Ends the database sessions of all instances with {@code pg_terminate_backend}. */
    void terminateSessions() throws IOException;

    /** Deletes all data in Redis with {@code FLUSHALL}. */
    void flushRedis() throws IOException, InterruptedException;

    /** Kills Redis. */
    void stopRedis() throws IOException;

    /** Starts Redis again, without data. */
    void startRedis() throws IOException, InterruptedException;
}
