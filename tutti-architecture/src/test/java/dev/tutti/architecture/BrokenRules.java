package dev.tutti.architecture;

import java.util.Map;

/** Which class of the fixture each rule must name. */
final class BrokenRules {
    static final Map<String, String[]> CULPRITS = Map.ofEntries(
            Map.entry("theContractsKnowNobody", of("broken.stream.ContractThatKnowsTheCore")),
            Map.entry("theProtocolKnowsNobody", of("broken.protocol.ProtocolThatKnowsAContract")),
            Map.entry(
                    "theClusterKnowsTheContractsAndHowFramesAreWritten", of("broken.cluster.ClusterThatKnowsTheCore")),
            Map.entry(
                    "theCoreKnowsContractsClusterAndHowFramesAreWritten",
                    of("broken.core.stream.CoreThatKnowsTheEdge")),
            Map.entry("memoryKnowsTheContractsAndNoOtherPartOfTutti", of("broken.memory.MemoryThatKnowsPostgres")),
            Map.entry("postgresKnowsTheContractsAndNoOtherPartOfTutti", of("broken.postgres.PostgresThatKnowsTheCore")),
            Map.entry(
                    "embeddedKnowsTheContractsAndNoOtherPartOfTutti", of("broken.embedded.EmbeddedThatKnowsPostgres")),
            Map.entry("redisKnowsTheContractsAndNoOtherPartOfTutti", of("broken.redis.RedisThatKnowsTheCore")),
            Map.entry("socketIoKnowsTheEdgeAndWhatIsBelow", of("broken.socketio.SocketIoThatKnowsTheServer")),
            Map.entry("theServerDoesNotKnowTheProgram", of("broken.server.ServerThatKnowsTheProgram")),
            Map.entry("theEdgeKnowsContractsClusterAndCore", of("broken.edge.EdgeThatKnowsTheServer")),
            Map.entry("featuresUseThePublicExtensionPointsAlone", of("broken.chat.ChatThatKnowsTheEdge")),
            Map.entry("accountsDoNotKnowTheChat", of("broken.account.AccountThatKnowsTheChat")),
            Map.entry("filesDoNotKnowAccountsAndChat", of("broken.file.FileThatKnowsAccounts")),
            Map.entry("capabilitiesDoNotKnowOneAnother", of("broken.core.lease.LeaseThatKnowsStreams")),
            Map.entry("packagesHaveNoCycles", of("Cycle detected", "broken.core.lease", "broken.core.stream")),
            Map.entry("fewClassesNeedOneAnother", of("broken.knot.FirstOfThree", "3 classes need one another")),
            Map.entry("contractTestsKnowTheContractsAlone", of("broken.tck.ContractTestThatKnowsTheCore")),
            Map.entry("theTestKitKnowsTheContractsAlone", of("broken.testkit.ClientThatKnowsTheServer")),
            Map.entry("theFaultBenchDoesNotKnowTheBenchmarks", of("broken.faults.FaultsThatKnowTheBench")),
            Map.entry("theBenchmarksDoNotKnowTheFaultBench", of("broken.bench.BenchThatKnowsTheFaults")),
            Map.entry("theToolsAreKnownToThemselvesAlone", of("broken.worker.WorkerThatKnowsTheTestKit")),
            Map.entry(
                    "namesSayWhatAClassIs",
                    of("broken.names.ThingImpl", "ThingManager", "ThingHelper", "ThingUtil", "AbstractThing")),
            Map.entry("interfacesHaveNoPrefix", of("broken.names.IThing")),
            Map.entry("thereIsNoThreadLocal", of("broken.calls.Forbidden.threadLocal")),
            Map.entry(
                    "nobodySleeps",
                    of(
                            "broken.calls.Forbidden.sleep()",
                            "broken.calls.Forbidden.sleepFor()",
                            "broken.calls.Forbidden.sleepByUnit()")),
            Map.entry(
                    "nobodyPrintsToTheProcessStreams",
                    of("broken.calls.Forbidden.out", "broken.calls.Forbidden.err", "broken.calls.Forbidden.trace")),
            Map.entry("onlyTheProgramEndsTheProcess", of("broken.calls.Forbidden.exit")),
            Map.entry("datesAreOfJavaTime", of("broken.calls.Forbidden.date")),
            Map.entry("failuresHaveOneRoot", of("broken.calls.OtherRoot")),
            Map.entry("everyPackageIsNullMarked", of("broken.unmarked.Unmarked")));

    private BrokenRules() {}

    private static String[] of(String... culprits) {
        return culprits;
    }
}
