package dev.tutti.testkit.nemesis;

import dev.tutti.testkit.proxy.Weather;
import java.io.IOException;
import java.util.Set;

/** Something bad that happens to a cluster: it begins, and after a while it is over. */
public sealed interface Act {
    /** Does it. */
    void begin(Stage stage) throws IOException, InterruptedException;

    /** Puts it right. */
    default void end(Stage stage) throws IOException, InterruptedException {}

    /** An instance is killed with SIGKILL, and started again. */
    record Kill(int instance) implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.kill(instance);
        }

        @Override
        public void end(Stage stage) {
            stage.revive(instance);
        }
    }

    /** An instance stands still, as in a very long garbage collection. */
    record Freeze(int instance) implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.freeze(instance);
        }

        @Override
        public void end(Stage stage) throws IOException {
            stage.thaw(instance);
        }
    }

    /** An instance is asked to leave, and started again. */
    record Drain(int instance) implements Act {
        @Override
        public void begin(Stage stage) throws IOException, InterruptedException {
            stage.drain(instance);
        }

        @Override
        public void end(Stage stage) {
            stage.revive(instance);
        }
    }

    /** One instance after the other is asked to leave and started again, each when the one before is ready. */
    record RollingDrain(int instances) implements Act {
        @Override
        public void begin(Stage stage) throws IOException, InterruptedException {
            for (int instance = 0; instance < instances; instance++) {
                stage.drain(instance);
                stage.revive(instance);
                stage.awaitReady(instance);
            }
        }
    }

    /** A link is disturbed. */
    record Disturb(Link link, Weather weather) implements Act {
        @Override
        public void begin(Stage stage) {
            stage.weather(link, weather);
        }

        @Override
        public void end(Stage stage) {
            stage.weather(link, Weather.CLEAR);
        }
    }

    /** All connections of a link are reset. */
    record Cut(Link link) implements Act {
        @Override
        public void begin(Stage stage) {
            stage.cut(link);
        }
    }

    /** What is at one end of all instances' links is away for a while, PostgreSQL or Redis or both, for everybody. */
    record Outage(int instances, Set<Link.End> of) implements Act {
        public Outage {
            of = Set.copyOf(of);
        }

        @Override
        public void begin(Stage stage) {
            become(stage, new Weather.Down());
        }

        @Override
        public void end(Stage stage) {
            become(stage, Weather.CLEAR);
        }

        private void become(Stage stage, Weather weather) {
            for (int instance = 0; instance < instances; instance++) {
                for (Link.End end : of) {
                    stage.weather(new Link(instance, end), weather);
                }
            }
        }
    }

    /** Other programs take the processors: {@code programs} of them, which do nothing but compute. */
    record Starve(int programs) implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.starve(programs);
        }

        @Override
        public void end(Stage stage) {
            stage.relieve();
        }
    }

    /** PostgreSQL ends at once. */
    record CrashDatabase() implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.crashDatabase();
        }
    }

    /** PostgreSQL ends the sessions of all instances. */
    record TerminateSessions() implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.terminateSessions();
        }
    }

    /** Redis forgets everything. */
    record FlushRedis() implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.flushRedis();
        }
    }

    /** Redis is away for a while, and comes back empty. */
    record RestartRedis() implements Act {
        @Override
        public void begin(Stage stage) throws IOException {
            stage.stopRedis();
        }

        @Override
        public void end(Stage stage) throws IOException {
            stage.startRedis();
        }
    }
}
