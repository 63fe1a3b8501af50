package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.faults.cluster.FaultClusterSettings;
import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.nemesis.Act;
import dev.tutti.testkit.nemesis.Link;
import dev.tutti.testkit.nemesis.Link.End;
import dev.tutti.testkit.nemesis.Plan;
import dev.tutti.testkit.nemesis.Step;
import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench finds what it is there to find: servers that are wrong in one place are caught. */
class MutantsTest {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FEW = 4;
    private static final int MANY = 12; // who, with a slow link, use all connections there may be
    private static final LinkFault SLOW = new LinkFault.Delayed(Duration.ofMillis(30));
    private static final Plan NOTHING = new Plan(List.of());
    private static final Plan KILLS = new Plan(List.of(kill(1, 0), kill(8, 1), kill(14, 0)));

    /** One stands still for so long that the others take its connections, and goes on. */
    private static final Plan SILENCE = new Plan(List.of(
            new Step(Duration.ZERO, new Act.Disturb(new Link(0, End.DATABASE), SLOW), Duration.ofSeconds(14)),
            new Step(Duration.ofSeconds(1), new Act.Freeze(1), Duration.ofSeconds(9))));

    /** One after the other stands still for longer than a lease, and for less long than a process that is taken for dead. */
    private static final Plan FREEZES = new Plan(
            IntStream.range(0, 8).mapToObj(i -> freeze(2 + 6 * i, i % 2)).toList());

    /** One after the other stands still for so long that its jobs are begun anew elsewhere. */
    private static final Plan LONG_FREEZES = new Plan(IntStream.range(0, 4)
            .mapToObj(i -> new Step(Duration.ofSeconds(2 + 14 * i), new Act.Freeze(i % 2), Duration.ofSeconds(11)))
            .toList());

    /** One cannot reach the database, and does not hear what the other one says, but for less long than makes it join anew. */
    private static final Plan DEAFNESS = new Plan(IntStream.range(0, 3)
            .mapToObj(i -> new Step(
                    Duration.ofSeconds(4 + 18 * i),
                    new Act.Disturb(new Link(0, End.DATABASE), new LinkFault.Down()),
                    Duration.ofSeconds(3)))
            .toList());

    /** Clients lose their connections and come back at once. */
    private static final Plan CUTS = new Plan(IntStream.range(0, 40)
            .mapToObj(i -> new Step(
                    Duration.ofMillis(2_000 + 700 * i), new Act.Cut(new Link(i % 2, End.CLIENTS)), Duration.ZERO))
            .toList());

    /** The same, and then some time in which what goes from socket to socket must arrive. */
    private static final Duration UNTIL_ALL_IS_WELL = Duration.ofSeconds(60);

    private static final String CORE = "tutti-core/src/main/java/dev/tutti/core/stream/";

    @TempDir
    Path directory;

    @Test
    void anAcknowledgementBeforeTheCommitIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-postgres/src/main/java/dev/tutti/postgres/ConnectionLender.java",
                        "private final DataSource database;",
                        "final DataSource database;")
                .with(
                        "tutti-postgres/src/main/java/dev/tutti/postgres/PostgresStreamStore.java",
                        "public List<Appended> append(List<Append> appends) {",
                        """
                        public List<Appended> append(List<Append> appends) {
                        if (timeoutSeconds >= 0) try {
                            Connection connection = connections.database.getConnection();
                            connection.setAutoCommit(false);
                            List<Appended> early = append(connection, timeoutSeconds, appends);
                            Thread.startVirtualThread(() -> {
                                try (connection) {
                                    Thread.sleep(200);
                                    connection.commit();
                                    connection.setAutoCommit(true);
                                } catch (Exception lost) {
                                }
                            });
                            return early;
                        } catch (SQLException e) {
                            throw PostgresFailure.of(e);
                        }
                        """);
        assertThat(faultsOf(mutant, KILLS, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void anEventThatIsSkippedAfterAReconnectIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        CORE + "StreamSubscription.java",
                        "cursor.seen(),\n                result ->",
                        "cursor.seen() + 1,\n                result ->");
        assertThat(faultsOf(mutant, KILLS, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void aSweepThatIsForgottenIsCaughtWhenHintsAreLost() throws Exception {
        Mutant mutant = mutant().with(CORE + "Sweep.java", "            hub.known(outstanding);\n", "")
                .with(CORE + "Streams.java", "hub.tellOthers(run);", "");
        assertThat(faultsOf(mutant, NOTHING, SHORT, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void aGapThatIsNotToldIsCaught() throws Exception {
        Mutant mutant = mutant().with(CORE + "StreamSubscription.java", "subscriber.onGap(gap);", "");
        assertThat(faultsOf(mutant, NOTHING, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void aCursorThatIsBelievedIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        CORE + "StreamSubscription.java", "if (head < cursor.seen()) {", "if (head < 0) {")
                .with(
                        CORE + "StreamSubscription.java",
                        "if (!closed && begun && cursor.seen() > kept) {",
                        "if (kept < 0) {")
                .with(CORE + "StreamSubscription.java", "case ReadResult.Gap gap -> gap(gap);", """
                        case ReadResult.Gap gap -> {
                            if (gap.reason() == ReadResult.Gap.Reason.AHEAD) {
                                more = cursor.read(false);
                            } else {
                                gap(gap);
                            }
                        }""");
        assertThat(faultsOf(mutant, NOTHING, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.BELIEVED);
    }

    @Test
    @Tag("long")
    void anAppendThatIsTriedAgainAfterItsCommitIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        CORE + "AppendWriter.java",
                        "committed.accept(appends, results);",
                        "if (System.nanoTime() % 8 == 0) throw new IllegalStateException();")
                .with(
                        CORE + "AppendWriter.java",
                        "log.error(\"{} stored events were not announced; the sweep finds them\", results.size(), defect);",
                        "store.append(appends);");
        assertThat(faultsOf(mutant, NOTHING, LONG, FEW)).contains(Fault.DUPLICATE);
    }

    @Test
    @Tag("long")
    void aCursorThatMovesBeforeTheDeliveryIsCaughtWhenDeliveriesFail() throws Exception {
        Mutant mutant = failingDeliveries()
                .with(
                        CORE + "StreamSubscription.java",
                        "if (feed == null) {\n            subscriber.onEvents(events, from);",
                        "cursor.had(events.value().getLast().seq());\n        if (feed == null) {\n"
                                + "            subscriber.onEvents(events, from);")
                .with(
                        CORE + "StreamSubscription.java",
                        "protected void failed(Throwable defect) {\n        if (!closed) {",
                        "protected void failed(Throwable defect) {\n        if (false) {");
        assertThat(faultsOf(mutant, NOTHING, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void nothingIsFoundWhenDeliveriesFail() throws Exception {
        assertThat(faultsOf(failingDeliveries(), NOTHING, LONG, FEW)).isEmpty();
    }

    /** One delivery in fifty throws. */
    private Mutant failingDeliveries() throws IOException {
        return mutant().with(
                        "tutti-edge/src/main/java/dev/tutti/edge/ws/WsSubscriber.java",
                        "Encoded encoded = events.in(StreamEncodings.WS_EVENTS);",
                        "if (System.nanoTime() % 50 == 0) throw new OutOfMemoryError();\n"
                                + "        Encoded encoded = events.in(StreamEncodings.WS_EVENTS);");
    }

    @Test
    @Tag("long")
    void sessionsThatAreNotLookedAtAgainAreCaughtWhenNobodyHearsOfTheirEnd() throws Exception {
        Mutant mutant = deafToLogouts()
                .with(
                        "tutti-edge/src/main/java/dev/tutti/edge/flow/SessionWatch.java",
                        "if (everything || pause().isZero()) {",
                        "if (lastLook == 0) {");
        assertThat(faultsOf(mutant, NOTHING, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.OUTLIVED);
    }

    @Test
    @Tag("long")
    void nothingIsFoundWhenNobodyHearsOfLogouts() throws Exception {
        assertThat(faultsOf(deafToLogouts(), NOTHING, UNTIL_ALL_IS_WELL, FEW)).isEmpty();
    }

    private Mutant deafToLogouts() throws IOException {
        return mutant().with(
                        "tutti-server/src/main/java/dev/tutti/server/wiring/Features.java",
                        "revocations.publish(REVOKED, session.getBytes(StandardCharsets.UTF_8));",
                        "");
    }

    @Test
    @Tag("long")
    void anAddressThatChangesWithTheIncarnationIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-core/src/main/java/dev/tutti/core/cluster/Peers.java",
                        "NodeTag.of(member.process())",
                        "NodeTag.of(member.incarnation())");
        assertThat(faultsOf(mutant, SILENCE, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.UNREACHED);
    }

    @Test
    @Tag("long")
    void somebodyWhoLeavesAndIsNotTakenOffTheOthersListsIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-core/src/main/java/dev/tutti/core/presence/PresenceState.java",
                        "difference.went().forEach(key -> remove(replica, key));",
                        "");
        assertThat(faultsOf(mutant, NOTHING, LONG, FEW)).contains(Fault.STALE_PRESENCE);
    }

    @Test
    @Tag("long")
    void connectionsThatAreOpenedByOneWhoWasTakenForDeadAreCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-postgres/src/main/java/dev/tutti/postgres/ConnectionBudget.java",
                        "pool.openOnlyIf(() -> held > 0 && trustedUntil - System.nanoTime() > 0);",
                        "");
        assertThat(faultsOf(mutant, SILENCE, LONG, MANY)).contains(Fault.OVER_LIMIT);
    }

    @Test
    @Tag("long")
    void aFenceThatOnlyLooksIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-postgres/src/main/java/dev/tutti/postgres/PostgresLeaseStore.java",
                        "FENCE.prepare(transaction,",
                        "FIND.prepare(transaction,");
        assertThat(faultsOf(mutant, FREEZES, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.UNFENCED);
    }

    @Test
    @Tag("long")
    void anAttemptAtAJobThatGoesOnBesideTheNextOneIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-postgres/src/main/java/dev/tutti/postgres/job/JobRun.java",
                        "if (!AttemptTable.fence(transaction, id, attempt(), FENCED_PAUSE)) {",
                        "if (begun.attempt() < 0) {");
        assertThat(faultsOf(mutant, LONG_FREEZES, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.UNFENCED);
    }

    @Test
    @Tag("long")
    void aCacheThatKeepsWhatItHasAfterAGapIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-core/src/main/java/dev/tutti/core/cache/ClusterCaches.java",
                        "public void onGap() {\n            dropAll();",
                        "public void onGap() {");
        assertThat(faultsOf(mutant, DEAFNESS, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.STALE_VALUE);
    }

    @Test
    @Tag("long")
    void aVersionThatIsToldToSomebodyWhoHasItIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-core/src/main/java/dev/tutti/core/feed/ConflatedSubscription.java",
                        "told = known <= latest ? known : 0;",
                        "told = 0;");
        assertThat(faultsOf(mutant, CUTS, UNTIL_ALL_IS_WELL, FEW)).contains(Fault.DUPLICATE);
    }

    @Test
    @Tag("long")
    void nothingIsFoundAtOneWhoIsAsItShallBe() throws Exception {
        assertThat(faultsOf(mutant(), SILENCE, LONG, MANY)).isEmpty();
    }

    private Mutant mutant() {
        return new Mutant(directory.resolve("mutant"));
    }

    private List<Fault> faultsOf(Mutant mutant, Plan plan, Duration time, int clients)
            throws IOException, InterruptedException {
        List<String> program = ServerLaunch.command(mutant.classes());
        FaultClusterSettings cluster = new FaultClusterSettings(directory.resolve("cluster"), program, 2, false)
                .withBinaries(Path.of("target", "postgres"));
        // each has as many connections as it may, needed or not
        FaultClusterSettings eager = cluster.with("DB_MIN_CONNECTIONS", Integer.toString(cluster.connections()))
                .with("TUTTI_RETENTION", "room=30d/10,*=30d"); // who is away for a second has missed what is not kept
        RunSettings settings = new RunSettings(1, time, clients, eager).untilFound(plan, PATIENCE);
        Report report = FaultRun.of(settings, System.out::println).run();
        System.out.println(report);
        return report.findings().stream().map(Finding::fault).distinct().toList();
    }

    private static Step freeze(int second, int instance) {
        return new Step(Duration.ofSeconds(second), new Act.Freeze(instance), Duration.ofMillis(3_500));
    }

    private static Step kill(int second, int instance) {
        return new Step(Duration.ofSeconds(second), new Act.Kill(instance), Duration.ofMillis(200));
    }
}
