package dev.tutti.testkit.nemesis;

import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.util.Set;

/** A fault of a cluster, which begins and is ended after a while. Immutable. */
public sealed interface Disruption {
    /** Begins the fault. Blocks. */
    void begin(FaultTarget faultTarget) throws IOException, InterruptedException;

    /** Ends the fault, and repairs what it has done. Blocks. Does nothing by default, for faults that need no repair. */
    default void end(FaultTarget faultTarget) throws IOException, InterruptedException {}

    /** An instance is killed with SIGKILL, and is started again at the end. */
    record Kill(int instance) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException {
            faultTarget.kill(instance);
        }

        @Override
        public void end(FaultTarget faultTarget) {
            faultTarget.revive(instance);
        }
    }

    /** An instance is stopped, as in a very long garbage collection, and continues at the end. */
    record Freeze(int instance) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException {
            faultTarget.freeze(instance);
        }

        @Override
        public void end(FaultTarget faultTarget) throws IOException {
            faultTarget.thaw(instance);
        }
    }

    /** An instance is closed with SIGTERM, and is started again at the end. */
    record Drain(int instance) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException, InterruptedException {
            faultTarget.drain(instance);
        }

        @Override
        public void end(FaultTarget faultTarget) {
            faultTarget.revive(instance);
        }
    }

    /** All instances are closed with SIGTERM and started again, one after the other, each when the previous one is ready. */
    record RollingDrain(int instances) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException, InterruptedException {
            for (int instance = 0; instance < instances; instance++) {
                faultTarget.drain(instance);
                faultTarget.revive(instance);
                faultTarget.awaitReady(instance);
            }
        }
    }

    /** A link has a fault until the end. */
    record Disturb(Link link, LinkFault linkFault) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) {
            faultTarget.disturb(link, linkFault);
        }

        @Override
        public void end(FaultTarget faultTarget) {
            faultTarget.disturb(link, LinkFault.CLEAR);
        }
    }

    /** All connections of a link are reset. */
    record Cut(Link link) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) {
            faultTarget.cut(link);
        }
    }

    /** PostgreSQL, Redis or both are unreachable for all instances until the end. */
    record Outage(int instances, Set<Link.End> of) implements Disruption {
        public Outage {
            of = Set.copyOf(of);
        }

        @Override
        public void begin(FaultTarget faultTarget) {
            become(faultTarget, new LinkFault.Down());
        }

        @Override
        public void end(FaultTarget faultTarget) {
            become(faultTarget, LinkFault.CLEAR);
        }

        private void become(FaultTarget faultTarget, LinkFault linkFault) {
            for (int instance = 0; instance < instances; instance++) {
                for (Link.End end : of) {
                    faultTarget.disturb(new Link(instance, end), linkFault);
                }
            }
        }
    }

    /** {@code programs} other programs use the processors until the end. */
    record Starve(int programs) implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException {
            faultTarget.starve(programs);
        }

        @Override
        public void end(FaultTarget faultTarget) {
            faultTarget.relieve();
        }
    }

    /** PostgreSQL crashes; it restarts by itself. */
    record CrashDatabase() implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException {
            faultTarget.crashDatabase();
        }
    }

    /** PostgreSQL ends the sessions of all instances. */
    record TerminateSessions() implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException {
            faultTarget.terminateSessions();
        }
    }

    /** Redis loses all data, by {@code FLUSHALL}. */
    record FlushRedis() implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException, InterruptedException {
            faultTarget.flushRedis();
        }
    }

    /** Redis is stopped, and is started again without data at the end. */
    record RestartRedis() implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException {
            faultTarget.stopRedis();
        }

        @Override
        public void end(FaultTarget faultTarget) throws IOException, InterruptedException {
            faultTarget.startRedis();
        }
    }
}
