package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.DatabaseProgram;
import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.history.Fault;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A judge of values that the instances cache, and another program changes: while all is well nobody is given a value that was
 * invalidated more than a moment before, and never one that was not there. An invalidation counts if the instance that was told of
 * it lives on.
 */
public final class CacheJudge extends Watcher {
    private static final int KEYS = 60;
    private static final Duration READ_PACE = Duration.ofMillis(25);
    private static final Duration CHANGE_PACE =
            Duration.ofMillis(300); // each stays for longer than it takes until all is well
    private static final Duration MOMENT = Duration.ofSeconds(3);
    private static final Duration WELL =
            Duration.ofSeconds(10); // others are heard again, and what was missed is made good
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TABLE =
            "create table if not exists faults_value (key text primary key, value bigint not null)";
    private static final String WRITE = "insert into faults_value (key, value) values (?, ?)"
            + " on conflict (key) do update set value = excluded.value";

    /** Until when it was told where, and whether that one has lived on is still to be seen. */
    private record Told(long value, int instance, int starts, long at) {}

    private final FaultCluster cluster;
    private final List<URI> instances;
    private final DatabaseProgram program;
    private final Random random;
    private final Api api = new Api();
    private final Map<String, Long> written =
            new ConcurrentHashMap<>(); // or perhaps written: never less than what is there
    private final Map<String, Long> settled = new ConcurrentHashMap<>(); // what nobody may be given less than
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    /** Begins. */
    public static CacheJudge of(FaultCluster cluster, Random random) {
        CacheJudge judge = new CacheJudge(cluster, random);
        judge.start("fresh-values", judge::change);
        IntStream.range(0, judge.instances.size())
                .forEach(instance -> judge.start("fresh-values-" + instance, () -> judge.read(instance)));
        return judge;
    }

    private CacheJudge(FaultCluster cluster, Random random) {
        this.cluster = cluster;
        this.instances = cluster.direct();
        this.random = random;
        this.program = cluster.program("faults of caches", CacheJudge::create);
    }

    private static boolean create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(TABLE);
        }
    }

    private void change() throws InterruptedException {
        for (int i = 0; ; i++) {
            Thread.sleep(CHANGE_PACE);
            String key = "key-" + i % KEYS;
            if (settle(key)) {
                long value = written.merge(key, 1L, Long::sum);
                if (program.does(open -> write(open, key, value)).isPresent()) {
                    tell(key, value);
                }
            }
        }
    }

    private static int write(Connection connection, String key, long value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setString(1, key);
            statement.setLong(2, value);
            return statement.executeUpdate();
        }
    }

    /** Whether nothing is to be seen of {@code key} any more; otherwise somebody is told again, if the one who was has died. */
    private boolean settle(String key) throws InterruptedException {
        Told last = told.get(key);
        if (last == null) {
            return true;
        }
        if (!lives(last)) {
            tell(key, last.value());
            return false;
        }
        if (System.nanoTime() - last.at() < MOMENT.toNanos()) {
            return false;
        }
        settled.put(key, last.value());
        told.remove(key);
        return true;
    }

    private boolean lives(Told last) {
        return cluster.starts(last.instance()) == last.starts() && cluster.up(last.instance());
    }

    /** Tells one of the instances, whichever can be told. */
    private void tell(String key, long value) throws InterruptedException {
        while (true) {
            int instance = random.nextInt(instances.size());
            int starts = cluster.starts(instance);
            if (cluster.up(instance)
                    && ask("DELETE", instance, key).filter(Api.Answer::isDone).isPresent()) {
                told.put(key, new Told(value, instance, starts, System.nanoTime()));
                return;
            }
            Thread.sleep(READ_PACE);
        }
    }

    private Optional<Api.Answer> ask(String method, int instance, String key) throws InterruptedException {
        try {
            return Optional.of(api.send(instances.get(instance), method, "/faults/values/" + key, null, null));
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    private void read(int instance) throws InterruptedException {
        for (int i = 0; ; i++) {
            Thread.sleep(READ_PACE);
            String key = "key-" + i % KEYS;
            boolean well = IntStream.range(0, instances.size()).allMatch(each -> cluster.undisturbed(each, WELL));
            long least = settled.getOrDefault(key, 0L);
            Optional<Long> value = value(instance, key);
            if (value.isPresent()) {
                judged();
                judge(instance, key, value.get(), well ? least : 0);
            }
        }
    }

    private Optional<Long> value(int instance, String key) throws InterruptedException {
        return ask("GET", instance, key)
                .filter(Api.Answer::isDone)
                .map(answer -> answer.body().path("value").asLong());
    }

    private void judge(int instance, String key, long value, long least) {
        if (value > written.getOrDefault(key, 0L)) {
            found(Fault.PHANTOM, key, "value " + value + " was given, and was never written");
        }
        if (value < least) {
            found(
                    Fault.STALE_VALUE,
                    key,
                    cluster.name(instance) + " gave value " + value + ", which " + least + " had replaced");
        }
    }

    /** A value whose change is not announced any more must be seen everywhere. */
    @Override
    void release() {
        for (String key : settled.keySet()) {
            for (int instance = 0; instance < instances.size(); instance++) {
                int at = instance;
                if (!comesTrue(() -> isFresh(at, key), PATIENCE)) {
                    found(Fault.STALE_VALUE, key, cluster.name(at) + " gives an old value though all is well again");
                }
            }
        }
        api.close();
        program.close();
    }

    private boolean isFresh(int instance, String key) {
        try {
            return value(instance, key)
                    .filter(value -> value >= settled.getOrDefault(key, 0L))
                    .isPresent();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public String line() {
        return count() + " cached values judged";
    }
}
