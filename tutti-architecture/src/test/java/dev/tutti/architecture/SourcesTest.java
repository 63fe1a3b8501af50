package dev.tutti.architecture;

import static dev.tutti.architecture.SourceTree.ROOT;
import static dev.tutti.architecture.SourceTree.documents;
import static dev.tutti.architecture.SourceTree.files;
import static dev.tutti.architecture.SourceTree.found;
import static dev.tutti.architecture.SourceTree.mainSources;
import static dev.tutti.architecture.SourceTree.read;
import static dev.tutti.architecture.SourceTree.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules about the sources that are seen in their text alone. */
class SourcesTest {
    private static final Pattern CONFLICT = Pattern.compile("(?m)^(<{7} |={7}$|>{7} )");
    /** Names of Socket.IO and Engine.IO in any spelling, and texts that begin as their events do. */
    private static final Pattern OF_SOCKET_IO =
            Pattern.compile("((?:socket|engine)[._ -]?io|\\bEIO\\b|\"42)", Pattern.CASE_INSENSITIVE);

    private static final Pattern CLOCK_READ = Pattern.compile(
            "\\b(?:System\\.(?:nanoTime|currentTimeMillis)|(?:Instant|(?:Local|Offset|Zoned)Date(?:Time)?)\\.now)\\(");
    private static final Pattern CLOCK_HANDED_IN = Pattern.compile("\\bSystem::(?:nanoTime|currentTimeMillis)"
            + "|\\bInstant::now|\\b(?:Clock|InstantSource)\\.(?:system|tick)|\\bTicker\\.system");
    private static final Pattern PAUSE_WITHOUT_CHANCE =
            Pattern.compile("(?:BACKOFF|Backoff\\([^;]*\\))\\s*\\.pause\\(");
    private static final Pattern HTTP_CLIENT =
            Pattern.compile("\\bHttpClient\\s*(?:\\.|::)\\s*new(?:Builder|HttpClient)\\b");
    private static final Pattern CLIENT_OF_THE_JDK = Pattern.compile("\\bApi\\s*(?:\\.|::)\\s*httpClient\\b");
    private static final Pattern OFFICIAL_SOCKET = Pattern.compile("\\bIO\\s*(?:\\.|::)\\s*socket\\b");
    /** Modules that test, torment, measure and show, and do with the clock and pauses as they like. */
    private static final List<String> TOOLS =
            List.of("examples", "tutti-bench", "tutti-faults", "tutti-tck", "tutti-testkit");
    /** The functions of the store that are for all programs. */
    private static final Set<String> PUBLIC_FUNCTIONS =
            Set.of("delete_feed", "enqueue", "kept_since", "publish", "publish_feed");

    @Test
    void aTopLevelClassNameExistsOnce() {
        List<String> names = sources()
                .map(path -> path.getFileName().toString())
                .filter(name -> !name.equals("package-info.java"))
                .toList();
        assertThat(names).hasSizeGreaterThan(500).doesNotHaveDuplicates();
    }

    @Test
    void noMergeIsHalfDone() {
        assertThat(Stream.concat(sources(), documents()))
                .noneMatch(path -> CONFLICT.matcher(read(path)).find());
    }

    /** As docs/decisions.md says; the fault bench looks where it likes. */
    @Test
    void whatIsOutsideTheStoreNamesItsTablesAndFunctionsInTheseFilesAlone() {
        Pattern ofTheStore = Pattern.compile(
                "(?<![\\w.])tutti\\.(?:(?:" + made("table") + ")\\b(?![.(])|(?:" + made("function") + ")\\()");
        assertThat(Stream.concat(sources(), files(".sql"))
                        .filter(path -> path.toString().contains("/src/main/")
                                && !path.startsWith(ROOT.resolve("tutti-postgres"))
                                && !path.startsWith(ROOT.resolve("tutti-faults"))
                                && ofTheStore.matcher(read(path)).find())
                        .map(path -> path.getFileName().toString()))
                .containsExactlyInAnyOrder("V22__webhooks.sql", "WebhookTable.java");
    }

    /** The names of the store's tables or functions that are its own, as alternatives of a pattern. */
    private static String made(String what) {
        Pattern made = Pattern.compile("(?m)^create (?:or replace )?(?:unlogged )?" + what + " tutti\\.(\\w+)");
        Set<String> names = files(".sql")
                .filter(path -> path.startsWith(
                        ROOT.resolve("tutti-postgres").resolve("src").resolve("main")))
                .flatMap(path -> found(made, read(path)))
                .filter(name -> !PUBLIC_FUNCTIONS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).hasSizeGreaterThan(10);
        return String.join("|", names);
    }

    /** It has the transports that are its own; Socket.IO is written on it, as another protocol could be. */
    @Test
    void theEdgeSaysNothingOfSocketIo() {
        assertThat(mainSources("tutti-edge")).hasSizeGreaterThan(50);
        assertThat(mainSources("tutti-edge")
                        .flatMap(path -> found(OF_SOCKET_IO, read(path)).map(said -> path + ": " + said)))
                .isEmpty();
    }

    @Test
    void aSourceThatSpeaksOfSocketIoIsNoticed() {
        String source = """
                import dev.tutti.socketio.wire.Payloads;
                /** As Socket.IO does it over Engine.IO. */
                static final int SOCKET_IO = socketIoText("EIO", engineIo);
                String head = "42/" + namespace;
                """;
        assertThat(found(OF_SOCKET_IO, source))
                .containsExactly(
                        "socketio", "Socket.IO", "Engine.IO", "SOCKET_IO", "socketIo", "EIO", "engineIo", "\"42");
        assertThat(mainSources("tutti-socketio"))
                .isNotEmpty()
                .allMatch(path -> OF_SOCKET_IO.matcher(read(path)).find());
    }

    /** As docs/decisions.md says: others are handed a ticker, or wait by a deadline. */
    @Test
    void theClockOfTheMachineIsReadInTheseFilesAlone() {
        assertThat(ofTheProgram(CLOCK_READ)).containsExactlyInAnyOrder("Deadline.java", "EmbeddedDatabase.java");
    }

    /** Where parts are put together, and in constructors for those who bring no clock. */
    @Test
    void theClockOfTheMachineIsHandedInByTheseFilesAlone() {
        assertThat(ofTheProgram(CLOCK_HANDED_IN))
                .containsExactlyInAnyOrder(
                        "Accounts.java",
                        "ApiKeys.java",
                        "Chat.java",
                        "ClusterWorkers.java",
                        "ConfigCommand.java",
                        "Database.java",
                        "DatabaseClock.java",
                        "DuplicateInstanceCheck.java",
                        "Edge.java",
                        "Features.java",
                        "FileStorage.java",
                        "Health.java",
                        "LocalCluster.java",
                        "MemoryBackend.java",
                        "OncePerMinute.java",
                        "PostgresBackend.java",
                        "RequestLimits.java",
                        "ResponseCache.java",
                        "Server.java",
                        "SharedBus.java",
                        "SocketIoServer.java",
                        "StoreSelection.java",
                        "Tutti.java",
                        "Uploads.java");
    }

    /** As docs/decisions.md says: tries at a server that all instances share are spread by chance. */
    @Test
    void pausesThatCanBeForetoldAreInTheseFilesAlone() {
        assertThat(ofTheProgram(PAUSE_WITHOUT_CHANCE))
                .containsExactlyInAnyOrder(
                        "EmbeddedDatabase.java", "JobOptions.java", "LogReader.java", "RestartState.java");
    }

    /** The test kit's client is in {@code Api}, by which tests ask servers; the others are of programs. */
    @Test
    void httpClientsAreMadeInTheseFilesAlone() {
        assertThat(named(HTTP_CLIENT))
                .containsExactlyInAnyOrder(
                        "Api.java",
                        "LocalCluster.java",
                        "RehearseCommand.java",
                        "ServerClient.java",
                        "UpstreamClient.java");
    }

    /** One sends frames of bytes, the other hands it to a part of the program. */
    @Test
    void theJdksOwnClientIsForTheseTestsAlone() {
        assertThat(named(CLIENT_OF_THE_JDK)).containsExactlyInAnyOrder("EngineClient.java", "WorkerProcessesTest.java");
    }

    @Test
    void socketsOfTheOfficialClientAreMadeInOneFile() {
        assertThat(named(OFFICIAL_SOCKET)).containsExactly("OfficialSocket.java");
    }

    @Test
    void aClientOfItsOwnIsNoticed() {
        String source = """
                HttpClient
                        .newBuilder().build(); java.net.http.HttpClient.newHttpClient();
                Supplier<HttpClient> made = HttpClient::newHttpClient;
                HttpClient raw = Api.httpClient(); Supplier<HttpClient> later = Api::httpClient;
                Socket socket = IO.socket(address, options);
                UrlConnectionHttpClient.newBuilder(); api.httpClient(); IO.Options options;
                """;
        assertThat(HTTP_CLIENT.matcher(source).results()).hasSize(3);
        assertThat(CLIENT_OF_THE_JDK.matcher(source).results()).hasSize(2);
        assertThat(OFFICIAL_SOCKET.matcher(source).results()).hasSize(1);
    }

    /** The files with {@code pattern} in them, but for this one. */
    private static Stream<String> named(Pattern pattern) {
        return sources()
                .filter(path -> pattern.matcher(read(path)).find())
                .map(path -> path.getFileName().toString())
                .filter(name -> !name.equals("SourcesTest.java"));
    }

    private static Stream<String> ofTheProgram(Pattern pattern) {
        return sources()
                .filter(path -> path.toString().contains("/src/main/")
                        && TOOLS.stream().noneMatch(tool -> path.startsWith(ROOT.resolve(tool)))
                        && pattern.matcher(read(path)).find())
                .map(path -> path.getFileName().toString());
    }
}
