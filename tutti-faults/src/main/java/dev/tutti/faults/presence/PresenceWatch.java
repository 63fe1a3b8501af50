package dev.tutti.faults.presence;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.History;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The watch on presence: people come and go, and instances are asked who is there, from its beginning to its end. */
public final class PresenceWatch implements AutoCloseable {
    private final Api userApi = new Api();
    private final Soundness soundness;
    private final PresenceLog log;
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable Duration end;

    private PresenceWatch(FaultCluster cluster, List<Account> people, Api api, History history, Random random) {
        this.log = new PresenceLog(history);
        List<URI> addresses = cluster.direct();
        this.soundness = new Soundness(cluster, addresses.size());
        for (int i = 0; i < addresses.size(); i++) {
            Observer observer = new Observer(i, cluster.name(i), addresses.get(i), people, api, soundness, log);
            threads.add(Thread.ofVirtual().name("observer").unstarted(observer));
        }
        for (Account person : people) {
            Random own = new Random(random.nextLong());
            SimulatedUser user = new SimulatedUser(person, addresses, userApi, soundness, log, own);
            threads.add(Thread.ofVirtual().name("simulated-user").unstarted(user));
        }
    }

    /** Begins with {@code people}, who do nothing else. */
    public static PresenceWatch of(
            FaultCluster cluster, List<Account> people, Api api, History history, Random random) {
        PresenceWatch watch = new PresenceWatch(cluster, people, api, history, random);
        watch.soundness.start();
        watch.threads.forEach(Thread::start);
        return watch;
    }

    /** Ends it, if that was not done yet; what is wrong. */
    public List<Finding> findings() {
        close();
        return log.findings(end == null ? log.now() : end);
    }

    /** Keeps for people who came and went, and what they were shown: a line each, by the clock of the history. */
    public void write(Path file) throws IOException {
        log.write(file);
    }

    /** For people: how much was judged. */
    public String line() {
        return log.observations() + " presence observations judged";
    }

    /** Ends it. Idempotent. */
    @Override
    public void close() {
        if (end == null) {
            end = log.now();
            soundness.close();
            threads.forEach(Thread::interrupt);
            userApi.close();
        }
    }
}
