package dev.tutti.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The layers of the design as rules: each says what a part may know, and everything else is forbidden. */
final class Layers {
    private static final String[] LANGUAGE = {"java..", "javax.crypto..", "com.sun.management..", "org.jspecify.."};
    private static final String[] WEB = {"io.vertx..", "io.netty..", "javax.net.."};
    private static final String[] SHARED_LIBRARIES = {
        "tools.jackson..", "com.fasterxml.jackson.annotation..", "io.micrometer..", "org.slf4j.."
    };

    private static final String[] BREAKER = {"io.github.resilience4j.."};

    private static final String[] CACHE = {"com.github.benmanes.caffeine.."};

    private static final String[] FEATURE_LIBRARIES = {
        "javax.sql..",
        "com.github.benmanes.caffeine..",
        "com.nimbusds..",
        "org.bouncycastle..",
        "com.nulabinc.zxcvbn..",
        "software.amazon.awssdk..",
        "javax.imageio.."
    };

    private static final String[] TEST_LIBRARIES = {"org.junit..", "org.assertj..", "org.awaitility.."};

    private static final String[] CLIENT_LIBRARIES = {
        "tools.jackson..", "io.socket..", "okhttp3..", "org.json..", "javax.net..", "com.sun.net.httpserver.."
    };

    private static final String[] TOOLS = {"tck..", "testkit..", "faults..", "bench.."};

    private final String root;
    private final int largestKnot;

    /** The layers below package {@code root}, where no more than {@code largestKnot} classes need one another. */
    Layers(String root, int largestKnot) {
        this.root = root;
        this.largestKnot = largestKnot;
    }

    Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("theContractsKnowNobody", mayKnow(api(), api(), LANGUAGE));
        rules.put("theProtocolKnowsNobody", mayKnow(in("protocol.."), in("protocol.."), LANGUAGE));
        rules.put(
                "theClusterKnowsTheContractsAndHowFramesAreWritten",
                mayKnow(
                        in("cluster.."),
                        with(new String[] {root + ".cluster..", root + ".protocol"}, api()),
                        LANGUAGE,
                        SHARED_LIBRARIES,
                        BREAKER));
        rules.put(
                "theCoreKnowsContractsClusterAndHowFramesAreWritten",
                mayKnow(
                        in("core.."),
                        with(new String[] {root + ".core..", root + ".cluster..", root + ".protocol"}, api()),
                        LANGUAGE,
                        SHARED_LIBRARIES,
                        CACHE));
        for (String backend : List.of("memory..", "postgres..", "redis..", "embedded..")) {
            rules.put(backend.replace(".", "") + "KnowsTheContractsAndNoOtherPartOfTutti", backend(backend));
        }
        rules.put(
                "theEdgeKnowsContractsClusterAndCore",
                mayKnow(
                        in("edge.."),
                        with(in("edge..", "core..", "cluster.."), api()),
                        LANGUAGE,
                        SHARED_LIBRARIES,
                        WEB));
        rules.put(
                "socketIoKnowsTheEdgeAndWhatIsBelow",
                mayKnow(
                        in("socketio.."),
                        with(in("socketio..", "edge..", "core..", "cluster..", "protocol.."), api()),
                        LANGUAGE,
                        SHARED_LIBRARIES,
                        WEB));
        rules.put("theServerDoesNotKnowTheProgram", server());
        rules.put("featuresUseThePublicExtensionPointsAlone", features());
        rules.put("accountsDoNotKnowTheChat", knowNothingOf("account..", "chat.."));
        rules.put("filesDoNotKnowAccountsAndChat", knowNothingOf("file..", "account..", "chat.."));
        rules.put(
                "capabilitiesDoNotKnowOneAnother",
                slices().matching(root + ".core.(*)..").should().notDependOnEachOther());
        rules.put(
                "packagesHaveNoCycles",
                slices().matching(root + ".(**)").should().beFreeOfCycles());
        rules.put("fewClassesNeedOneAnother", classes().should(new KnotCondition(largestKnot)));
        rules.putAll(tools());
        return rules;
    }

    private ArchRule backend(String backend) {
        String[] others = Stream.of(
                        "cluster..",
                        "core..",
                        "edge..",
                        "socketio..",
                        "protocol..",
                        "account..",
                        "chat..",
                        "file..",
                        "server..",
                        "cli..",
                        "memory..",
                        "postgres..",
                        "redis..",
                        "embedded..")
                .filter(part -> !part.equals(backend))
                .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAnyPackage(in(backend))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in(others));
    }

    private ArchRule server() {
        return noClasses()
                .that()
                .resideInAnyPackage(in("server.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in("cli.."));
    }

    /** What tests and measures, and is no part of what runs. */
    private Map<String, ArchRule> tools() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "contractTestsKnowTheContractsAlone",
                mayKnow(in("tck.."), with(in("tck.."), api()), LANGUAGE, TEST_LIBRARIES));
        rules.put(
                "theTestKitKnowsTheContractsAlone",
                mayKnow(in("testkit.."), with(in("testkit.."), api()), LANGUAGE, CLIENT_LIBRARIES));
        rules.put("theFaultBenchDoesNotKnowTheBenchmarks", knowNothingOf("faults..", "bench..", "tck.."));
        rules.put("theBenchmarksDoNotKnowTheFaultBench", knowNothingOf("bench..", "faults..", "tck.."));
        rules.put(
                "theToolsAreKnownToThemselvesAlone",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(in(TOOLS))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(in(TOOLS)));
        return rules;
    }

    private ArchRule features() {
        return classes()
                .that()
                .resideInAnyPackage(in("account..", "chat..", "file.."))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        with(in("account..", "chat..", "file..", "core..", "cluster..", "postgres.sql.."), api()),
                        Stream.of(LANGUAGE, SHARED_LIBRARIES, FEATURE_LIBRARIES)
                                .flatMap(Stream::of)
                                .toArray(String[]::new)));
    }

    private ArchRule knowNothingOf(String part, String... others) {
        return noClasses()
                .that()
                .resideInAnyPackage(in(part))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(in(others));
    }

    private static ArchRule mayKnow(String[] part, String[] ours, String[]... libraries) {
        String[] allowed = ours;
        for (String[] more : libraries) {
            allowed = with(allowed, more);
        }
        return classes()
                .that()
                .resideInAnyPackage(part)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed);
    }

    private String[] api() {
        return with(
                new String[] {root},
                in(
                        "backend..",
                        "bus..",
                        "cache..",
                        "concurrent..",
                        "feed..",
                        "health..",
                        "http..",
                        "job..",
                        "lease..",
                        "limit..",
                        "member..",
                        "presence..",
                        "recovery..",
                        "session..",
                        "socket..",
                        "stream..",
                        "worker.."));
    }

    private String[] in(String... parts) {
        return Stream.of(parts).map(part -> root + "." + part).toArray(String[]::new);
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }
}
