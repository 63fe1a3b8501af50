package dev.tutti.faults;

import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Kills a server at random moments, with or without its PostgreSQL, and starts it again. It waits for an acknowledgement
 * between two kills, so that however slow the machine is, each kill is one in the middle of the work.
 */
final class Killer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LEAST = 3;

    private final ServerProcess server;
    private final Random random;
    private final IntSupplier acknowledged;
    private int kills;
    private int databaseKills;

    /** One who kills {@code server}; {@code acknowledged} says how many acknowledgements there were until now. */
    Killer(ServerProcess server, Random random, IntSupplier acknowledged) {
        this.server = server;
        this.random = random;
        this.acknowledged = acknowledged;
    }

    /** Kills and restarts until the time is over, but at least three times; the server is ready in the end. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end || kills < LEAST) {
            int before = acknowledged.getAsInt();
            await("an acknowledgement").atMost(PATIENCE).until(() -> acknowledged.getAsInt() > before);
            LockSupport.parkNanos(Duration.ofMillis(200 + random.nextInt(2_500)).toNanos());
            if (random.nextBoolean()) {
                server.killAll();
                databaseKills++;
            } else {
                server.kill();
            }
            kills++;
            server.start();
        }
    }

    /** How often the server was killed. */
    int kills() {
        return kills;
    }

    /** How often its PostgreSQL was killed with it. */
    int databaseKills() {
        return databaseKills;
    }
}
