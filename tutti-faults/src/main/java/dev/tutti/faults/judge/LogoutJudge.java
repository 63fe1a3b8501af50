package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.Trouble;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.history.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A judge of logouts: connections end with their login. Somebody connects to all instances, logs out at one of them, and is cut
 * at all within ten seconds, also while Redis is away. An instance that stood still, or could not reach PostgreSQL, is excused.
 */
public final class LogoutJudge extends Watcher {
    private static final Duration PROMISE = Duration.ofSeconds(10);
    private static final Duration LATE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Set<Trouble> EXCUSES =
            EnumSet.of(Trouble.FROZEN, Trouble.DATABASE_LINK, Trouble.DATABASE_AWAY, Trouble.STARVED);

    private final FaultCluster cluster;
    private final List<URI> instances;
    private final Random random;
    private final Api api = new Api();

    /** Begins. */
    public static LogoutJudge of(FaultCluster cluster, Random random) {
        LogoutJudge logouts = new LogoutJudge(cluster, random);
        logouts.start("logouts", logouts::run);
        return logouts;
    }

    private LogoutJudge(FaultCluster cluster, Random random) {
        this.cluster = cluster;
        this.instances = cluster.direct();
        this.random = random;
    }

    private void run() throws InterruptedException {
        for (int i = 0; true; i++) {
            Map<Integer, JsonSocket> sockets = new HashMap<>();
            try {
                Account account = api.register(any(), "leaver" + i);
                for (int instance = 0; instance < instances.size(); instance++) {
                    connect(instance, account, sockets);
                }
                Thread.sleep(random.nextInt(1_000));
                api.logout(any(), account);
                judge(sockets);
            } catch (IOException notNow) {
                // the instance is down, or in trouble: nobody has logged out
            } finally {
                sockets.values().forEach(JsonSocket::close);
            }
            Thread.sleep(PAUSE);
        }
    }

    private URI any() {
        return instances.get(random.nextInt(instances.size()));
    }

    private void connect(int instance, Account account, Map<Integer, JsonSocket> sockets) throws InterruptedException {
        try {
            sockets.put(instance, JsonSocket.open(api, instances.get(instance), account));
        } catch (IOException away) {
            // then there is nothing to be cut
        }
    }

    private void judge(Map<Integer, JsonSocket> sockets) throws InterruptedException {
        long end = System.nanoTime() + PROMISE.plus(LATE).toNanos();
        for (Map.Entry<Integer, JsonSocket> socket : sockets.entrySet()) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            int instance = socket.getKey();
            if (socket.getValue().hasEndedWithin(left)) {
                judged();
            } else if (cluster.undisturbed(instance, PROMISE.plus(LATE).multipliedBy(2), EXCUSES)) {
                found(
                        Fault.OUTLIVED,
                        cluster.name(instance),
                        "a connection went on " + PROMISE.plus(LATE).toSeconds() + " s after the logout");
            }
        }
    }

    @Override
    void release() {
        api.close();
    }

    @Override
    public String line() {
        return count() + " connections were cut after a logout";
    }
}
