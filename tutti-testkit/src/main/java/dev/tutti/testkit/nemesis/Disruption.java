package dev.tutti.testkit.nemesis;

import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.util.Set;

/** A disruption of a cluster: it begins, and after a while it is over. */
public sealed interface Disruption {
    /** Does it. */
    void begin(FaultTarget faultTarget) throws IOException, InterruptedException;

    /** Puts it right. */
    default void end(FaultTarget faultTarget) throws IOException, InterruptedException {}

    /** An instance is killed with SIGKILL, and started again. */
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

    /** An instance stands still, as in a very long garbage collection. */
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

    /** An instance is asked to leave, and started again. */
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

    /** One instance after the other is asked to leave and started again, each when the one before is ready. */
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

    /** A link is disturbed. */
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

    /** PostgreSQL or Redis or both, at one end of all instances' links, are away for a while, for everybody. */
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

    /** Other programs take the processors: {@code programs} of them, which do nothing but compute. */
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

    /** PostgreSQL ends at once. */
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

    /** Redis forgets everything. */
    record FlushRedis() implements Disruption {
        @Override
        public void begin(FaultTarget faultTarget) throws IOException, InterruptedException {
            faultTarget.flushRedis();
        }
    }

    /** Redis is away for a while, and comes back empty. */
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
