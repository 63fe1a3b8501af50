package dev.tutti.cli.proof.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.QuickJvm;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.proxy.Direction;
import dev.tutti.testkit.proxy.FaultProxy;
import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real processes on one PostgreSQL, each behind a link of its own, with a worker that runs once and one in shards. At the end
 * it prints what it measured, as a table for the documents.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersAcrossProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(20);
    private static final boolean LONG = Boolean.getBoolean("tests.long");
    private static final int ROUNDS = LONG ? 10 : 1;
    private static final Duration LEASE = Duration.ofSeconds(LONG ? 5 : 2);

    /** Workers of one instance. */
    @FunctionalInterface
    private interface Choice {
        /** Their last rows, by their names. */
        Map<String, WorkerRows.Last> rows() throws SQLException;
    }

    private final Map<String, ServerProcess> instances = new LinkedHashMap<>();
    private final Map<String, FaultProxy> links = new LinkedHashMap<>();
    private final List<Replacements> measured = new ArrayList<>();
    private EmbeddedDatabase postgres;
    private WorkerRows rows;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS)));
        rows = new WorkerRows(DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password()));
        int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
        for (String name : List.of("one", "two", "three")) {
            FaultProxy link = FaultProxy.to(port, 0);
            links.put(name, link);
            String url = postgres.url().replace(":" + port + "/", ":" + link.port() + "/");
            instances.put(
                    name, ServerProcess.start(launch(name, url, Files.createDirectories(directory.resolve(name)))));
        }
    }

    private static Launch launch(String name, String url, Path directory) throws IOException {
        List<String> command = new ArrayList<>(QuickJvm.command());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Poller.class.getName()));
        int port = Ports.free();
        return new Launch(
                command,
                Map.of("PORT", Integer.toString(port), "DATABASE_URL", url, "NAME", name, "LEASE", LEASE.toString()),
                directory,
                URI.create("http://127.0.0.1:" + port),
                PATIENCE);
    }

    @AfterAll
    void stop() throws SQLException {
        instances.values().forEach(ServerProcess::close);
        links.values().forEach(FaultProxy::close);
        try (WorkerRows written = rows) {
            System.out.println(Replacements.table(measured, written));
        } finally {
            postgres.close();
        }
    }

    private Replacements measure(String trouble) {
        Replacements replacements = new Replacements(trouble);
        measured.add(replacements);
        return replacements;
    }

    /** The next row of {@code worker}: whoever writes it has its lease now. */
    private WorkerRows.Last next(String worker) throws SQLException {
        long before = rows.last(worker).id();
        await().pollInterval(OFTEN)
                .atMost(PATIENCE)
                .until(() -> rows.last(worker).id() > before);
        return rows.last(worker);
    }

    /** Waits until another instance writes for each worker whose last row is in {@code before}; how long that took. */
    private Duration replaced(Map<String, WorkerRows.Last> before) throws SQLException {
        long begin = System.nanoTime();
        for (Map.Entry<String, WorkerRows.Last> each : before.entrySet()) {
            await().pollInterval(OFTEN)
                    .atMost(PATIENCE)
                    .until(() ->
                            rows.last(each.getKey()).token() > each.getValue().token());
        }
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);
        for (Map.Entry<String, WorkerRows.Last> each : before.entrySet()) {
            assertThat(rows.last(each.getKey()).instance())
                    .as(each.getKey())
                    .isNotEqualTo(each.getValue().instance());
        }
        return taken;
    }

    /** Waits until one of the workers whose last row is in {@code before} was refused to go on under its token. */
    private void refused(Map<String, WorkerRows.Last> before) {
        await().atMost(PATIENCE).until(() -> {
            for (Map.Entry<String, WorkerRows.Last> each : before.entrySet()) {
                if (rows.refused(each.getKey(), each.getValue()) > 0) {
                    return true;
                }
            }
            return false;
        });
    }

    private void inOrder() throws SQLException {
        assertThat(rows.stale()).as("rows under tokens that were too old").isZero();
        assertThat(rows.shared()).as("tokens of two instances").isZero();
    }

    /** The worker that runs once, with its next row. */
    private Map<String, WorkerRows.Last> singleton() throws SQLException {
        return Map.of(Poller.singleton(), next(Poller.singleton()));
    }

    /** The shards of the instance that has the first one, with their last rows. */
    private Map<String, WorkerRows.Last> shards() throws SQLException {
        WorkerRows.Last first = next(Poller.shard(0));
        Map<String, WorkerRows.Last> shards = new LinkedHashMap<>(Map.of(Poller.shard(0), first));
        for (int shard = 1; shard < Poller.SHARDS; shard++) {
            WorkerRows.Last row = rows.last(Poller.shard(shard));
            if (row.instance().equals(first.instance())) {
                shards.put(Poller.shard(shard), row);
            }
        }
        return shards;
    }

    /** The instance that has written the rows. */
    private static String name(Map<String, WorkerRows.Last> before) {
        return before.values().iterator().next().instance();
    }

    private ServerProcess instance(Map<String, WorkerRows.Last> before) {
        return requireNonNull(instances.get(name(before)));
    }

    /** Kills the instance that has the workers of {@code choice}, in each round. */
    private void killInRounds(Replacements replacements, Choice choice) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, WorkerRows.Last> before = choice.rows();
            ServerProcess killed = instance(before);
            killed.kill();

            replacements.add(replaced(before), before);

            inOrder();
            killed.start();
        }
    }

    /** Stops the instance that has the workers of {@code choice}, in each round, for twice the time of a lease. */
    private void stopInRounds(Replacements replacements, Choice choice) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, WorkerRows.Last> before = choice.rows();
            ServerProcess stopped = instance(before);
            stopped.freeze();
            long begin = System.nanoTime();
            replacements.add(replaced(before), before);
            await().atMost(PATIENCE)
                    .until(() ->
                            System.nanoTime() - begin > LEASE.multipliedBy(2).toNanos());

            stopped.thaw();

            refused(before);
            inOrder();
        }
    }

    /** Cuts the instance off that has the workers of {@code choice}, in each round, until others have taken over. */
    private void cutOffInRounds(Replacements replacements, Choice choice) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, WorkerRows.Last> before = choice.rows();
            FaultProxy link = requireNonNull(links.get(name(before)));
            link.become(new LinkFault.Stalled(Direction.BOTH));
            replacements.add(replaced(before), before);

            link.become(LinkFault.CLEAR);

            refused(before);
            inOrder();
        }
    }

    @Test
    void whoeverIsKilledIsReplaced() throws Exception {
        killInRounds(measure("is killed with SIGKILL"), this::singleton);
    }

    @Test
    void whoeverStoodStillForTwiceItsLeaseIsRefusedAfterwards() throws Exception {
        stopInRounds(measure("stands still (SIGSTOP) for twice the lease"), this::singleton);
    }

    @Test
    @Tag("long")
    void whoeverIsCutOffIsReplacedAndRefusedAfterwards() throws Exception {
        cutOffInRounds(measure("is cut off from the database"), this::singleton);
    }

    @Test
    void theShardsOfOneThatIsKilledGoOnElsewhere() throws Exception {
        killInRounds(measure("has shards and is killed with SIGKILL (all of them)"), this::shards);
    }

    @Test
    void theShardsOfOneThatStoodStillGoOnElsewhereAndHaveNoOtherOwner() throws Exception {
        stopInRounds(measure("has shards and stands still (SIGSTOP) for twice the lease (all of them)"), this::shards);
    }

    @Test
    @Tag("long")
    void theShardsOfOneThatIsCutOffGoOnElsewhereAndHaveNoOtherOwner() throws Exception {
        cutOffInRounds(measure("has shards and is cut off from the database (all of them)"), this::shards);
    }

    @Test
    @Tag("long")
    void whoeverLeavesHandsOver() throws Exception {
        Replacements leaving = measure("leaves (`tutti.drain()`)");
        Map<String, WorkerRows.Last> before = singleton();
        ServerProcess instance = instance(before);
        try (Api api = new Api(PATIENCE)) {
            assertThat(api.send(instance.launch().address(), "POST", "/leave", null, null)
                            .status())
                    .isEqualTo(200);
        }

        leaving.add(replaced(before), before);

        inOrder();
        instance.kill();
        instance.start();
    }
}
