package dev.tutti.server.proof.crash;

import dev.tutti.tck.process.ServerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Kills a server at random moments, with or without its PostgreSQL, and starts it again. */
final class Killer {
    private final ServerProcess server;
    private final Random random;
    private int kills;
    private int databaseKills;

    Killer(ServerProcess server, Random random) {
        this.server = server;
        this.random = random;
    }

    /** Kills and restarts until the time is over; the server is ready in the end. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
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
