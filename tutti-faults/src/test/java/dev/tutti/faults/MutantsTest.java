package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.faults.cluster.FaultClusterSettings;
import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.nemesis.Disruption;
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
            new Step(Duration.ZERO, new Disruption.Disturb(new Link(0, End.DATABASE), SLOW), Duration.ofSeconds(14)),
            new Step(Duration.ofSeconds(1), new Disruption.Freeze(1), Duration.ofSeconds(9))));

    /** One after the other stands still for longer than a lease, and for less long than a process that is taken for dead. */
    private static final Plan FREEZES = new Plan(
            IntStream.range(0, 8).mapToObj(i -> freeze(2 + 6 * i, i % 2)).toList());

    /** One after the other stands still for so long that its jobs are begun anew elsewhere. */
    private static final Plan LONG_FREEZES = new Plan(IntStream.range(0, 4)
            .mapToObj(
                    i -> new Step(Duration.ofSeconds(2 + 14 * i), new Disruption.Freeze(i % 2), Duration.ofSeconds(11)))
            .toList());

    /** One cannot reach the database, and does not hear what the other one says, but for less long than makes it join anew. */
    private static final Plan DEAFNESS = new Plan(IntStream.range(0, 3)
            .mapToObj(i -> new Step(
                    Duration.ofSeconds(4 + 18 * i),
                    new Disruption.Disturb(new Link(0, End.DATABASE), new LinkFault.Down()),
                    Duration.ofSeconds(3)))
            .toList());

    /** Clients lose their connections and come back at once. */
    private static final Plan CUTS = new Plan(IntStream.range(0, 40)
            .mapToObj(i -> new Step(
                    Duration.ofMillis(2_000 + 700 * i),
                    new Disruption.Cut(new Link(i % 2, End.CLIENTS)),
                    Duration.ZERO))
            .toList());

    /** The same, and then some time in which what goes from socket to socket must arrive. */
    private static final Duration UNTIL_ALL_IS_WELL = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    @Tag("slow")
    void anAcknowledgementBeforeTheCommitIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.EARLY_ACKNOWLEDGEMENT, KILLS, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void anEventThatIsSkippedAfterAReconnectIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.SKIPPED_EVENT, KILLS, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void aSweepThatIsForgottenIsCaughtWhenHintsAreLost() throws Exception {
        assertThat(faultsOf(Mutation.NO_SWEEP, NOTHING, SHORT, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void aGapThatIsNotToldIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.UNTOLD_GAP, NOTHING, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void aCursorThatIsBelievedIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.BELIEVED_CURSOR, NOTHING, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.BELIEVED);
    }

    @Test
    @Tag("long")
    void anAppendThatIsTriedAgainAfterItsCommitIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.REPEATED_APPEND, NOTHING, LONG, FEW)).contains(Fault.DUPLICATE);
    }

    @Test
    @Tag("long")
    void aCursorThatMovesBeforeTheDeliveryIsCaughtWhenDeliveriesFail() throws Exception {
        assertThat(faultsOf(Mutation.EARLY_CURSOR, NOTHING, LONG, FEW)).contains(Fault.LOST);
    }

    @Test
    @Tag("long")
    void nothingIsFoundWhenDeliveriesFail() throws Exception {
        assertThat(faultsOf(Mutation.FAILING_DELIVERIES, NOTHING, LONG, FEW)).isEmpty();
    }

    @Test
    @Tag("long")
    void sessionsThatAreNotLookedAtAgainAreCaughtWhenNobodyHearsOfTheirEnd() throws Exception {
        assertThat(faultsOf(Mutation.UNWATCHED_SESSIONS, NOTHING, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.OUTLIVED);
    }

    @Test
    @Tag("long")
    void nothingIsFoundWhenNobodyHearsOfLogouts() throws Exception {
        assertThat(faultsOf(Mutation.UNHEARD_LOGOUTS, NOTHING, UNTIL_ALL_IS_WELL, FEW))
                .isEmpty();
    }

    @Test
    @Tag("long")
    void anAddressThatChangesWithTheIncarnationIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.CHANGING_ADDRESS, SILENCE, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.UNREACHED);
    }

    @Test
    @Tag("long")
    void somebodyWhoLeavesAndIsNotTakenOffTheOthersListsIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.LASTING_PRESENCE, NOTHING, LONG, FEW)).contains(Fault.STALE_PRESENCE);
    }

    @Test
    @Tag("long")
    void connectionsThatAreOpenedByOneWhoWasTakenForDeadAreCaught() throws Exception {
        assertThat(faultsOf(Mutation.CONNECTIONS_OF_THE_DEAD, SILENCE, LONG, MANY))
                .contains(Fault.OVER_LIMIT);
    }

    @Test
    @Tag("long")
    void aFenceThatOnlyLooksIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.LOOKING_FENCE, FREEZES, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.UNFENCED);
    }

    @Test
    @Tag("long")
    void aFenceThatTrustsTheClockOfTheHolderIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.TRUSTED_CLOCK, FREEZES, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.UNFENCED);
    }

    @Test
    @Tag("long")
    void anAttemptAtAJobThatGoesOnBesideTheNextOneIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.UNFENCED_ATTEMPT, LONG_FREEZES, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.UNFENCED);
    }

    @Test
    @Tag("long")
    void aCacheThatKeepsWhatItHasAfterAGapIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.CACHE_WITHOUT_GAPS, DEAFNESS, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.STALE_VALUE);
    }

    @Test
    @Tag("long")
    void aVersionThatIsToldToSomebodyWhoHasItIsCaught() throws Exception {
        assertThat(faultsOf(Mutation.REPEATED_VERSION, CUTS, UNTIL_ALL_IS_WELL, FEW))
                .contains(Fault.DUPLICATE);
    }

    @Test
    @Tag("long")
    void nothingIsFoundAtOneWhoIsAsItShallBe() throws Exception {
        assertThat(faultsOf(Mutation.NONE, SILENCE, LONG, MANY)).isEmpty();
    }

    private List<Fault> faultsOf(Mutation mutation, Plan plan, Duration time, int clients)
            throws IOException, InterruptedException {
        Mutant mutant = new Mutant(directory.resolve("mutant"));
        mutant.change(mutation);
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
        return new Step(Duration.ofSeconds(second), new Disruption.Freeze(instance), Duration.ofMillis(3_500));
    }

    private static Step kill(int second, int instance) {
        return new Step(Duration.ofSeconds(second), new Disruption.Kill(instance), Duration.ofMillis(200));
    }
}
