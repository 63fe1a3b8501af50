package dev.tutti.tck.nemesis;

import dev.tutti.tck.proxy.Weather;
import java.io.IOException;

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
