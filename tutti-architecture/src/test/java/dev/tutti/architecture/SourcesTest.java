package dev.tutti.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be said of the sources and documents as texts. */
class SourcesTest {
    private static final Path ROOT = Path.of("..");

    /** Where other tests and builds make and delete files meanwhile. */
    private static final Set<String> OUTPUT = Set.of("target", ".git");

    private static final Pattern DECLARED = Pattern.compile("(?:class|record|interface|enum) (\\w+)");
    private static final Pattern CLASS_IN_DOCUMENT = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.\\w+)?`");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern VERSION = Pattern.compile("<([a-z-]+)\\.version>([^<]+)</");
    /** Names of Socket.IO and Engine.IO in any spelling, and texts that begin as their events do. */
    private static final Pattern OF_SOCKET_IO =
            Pattern.compile("((?:socket|engine)[._ -]?io|\\bEIO\\b|\"42)", Pattern.CASE_INSENSITIVE);

    private static final Pattern CLOCK_READ = Pattern.compile(
            "\\b(?:System\\.(?:nanoTime|currentTimeMillis)|(?:Instant|(?:Local|Offset|Zoned)Date(?:Time)?)\\.now)\\(");
    private static final Pattern CLOCK_HANDED_IN = Pattern.compile("\\bSystem::(?:nanoTime|currentTimeMillis)"
            + "|\\bInstant::now|\\b(?:Clock|InstantSource)\\.(?:system|tick)|\\bTicker\\.system");
    private static final Pattern PAUSE_WITHOUT_CHANCE =
            Pattern.compile("(?:BACKOFF|Backoff\\([^;]*\\))\\s*\\.pause\\(");

    /** Modules that test, torment, measure and show, and do with the clock and pauses as they like. */
    private static final List<String> TOOLS =
            List.of("examples", "tutti-bench", "tutti-faults", "tutti-tck", "tutti-testkit");
    /** The functions of the store that are for all programs. */
    private static final Set<String> PUBLIC_FUNCTIONS = Set.of("enqueue", "publish", "publish_feed");

    /** Texts, which are passed over, and comments; lines of {@code //} that follow each other are one. */
    private static final Pattern TEXT_OR_COMMENT = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\])*+\"|'(?:\\\\.|[^'\\\\])++'"
                    + "|//[^\n]*+(?:\n[ \t]*+//[^\n]*+)*+|/\\*.*?\\*/",
            Pattern.DOTALL);

    private static final Pattern COMMENT_MARK = Pattern.compile("(?m)^[ \t]*+(?:/\\*++|\\*++/?|//++) ?");
    private static final Pattern FENCED_CODE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#.*+$");

    /** Between sentences: after their ends, paragraphs, names in YAML, and at bullets, cells and tags. */
    private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?:])\\s++|(?<=[.!?:][)\"])\\s++|\n[ \t]*+\n"
            + "|\n\\s*+(?=[-*#>])|</?\\w++>|\\||@(?:param|throws) \\S++|@return\\b");

    /** A sentence whose subject is a clause, unless it is a question. */
    private static final Pattern CLAUSE_AS_SUBJECT =
            Pattern.compile("[^a-zA-Z0-9`]*+(?:What|Who|Whoever|Whom|That)\\b[^?]*+");

    private static final Pattern CONFLICT = Pattern.compile("(?m)^(<{7} |={7}$|>{7} )");

    /** How the build calls the versions that have another name in Spring Boot. */
    private static final Map<String, String> OF_SPRING = Map.of("hikaricp", "hikari", "jackson-bom", "jackson");

    /** In code spans of the documents, and no classes of ours. */
    private static final Set<String> OTHERS = Set.of(
            "Age",
            "Authorization",
            "CancellationException",
            "EmbeddedPostgres",
            "Error",
            "IllegalArgumentException",
            "InterruptedException",
            "LongSupplier",
            "NaN",
            "Number",
            "Ticker",
            "TimeoutStopSec",
            "VmRSS");

    @Test
    void aClassNameExistsOnce() {
        List<String> names = sources()
                .map(path -> path.getFileName().toString())
                .filter(name -> !name.equals("package-info.java"))
                .toList();
        assertThat(names).hasSizeGreaterThan(500).doesNotHaveDuplicates();
    }

    @Test
    void documentsNameClassesThatExist() {
        Set<String> known =
                sources().flatMap(path -> found(DECLARED, read(path))).collect(Collectors.toCollection(TreeSet::new));
        known.addAll(OTHERS);
        assertThat(documents()
                        .flatMap(path -> found(CLASS_IN_DOCUMENT, read(path)).map(name -> path + ": " + name)))
                .isNotEmpty()
                .allMatch(named -> known.contains(named.substring(named.lastIndexOf(' ') + 1)));
    }

    @ParameterizedTest
    @CsvSource({"--all, slow", "--long, long"})
    void theGuaranteesSayWhichCommandRunsTheirTests(String flag, String tag) {
        List<String> page =
                read(ROOT.resolve("docs").resolve("guarantees.md")).lines().toList();
        Set<String> named = page.stream()
                .filter(line -> !line.startsWith("| `./tutti test"))
                .flatMap(line -> found(CLASS_IN_DOCUMENT, line))
                .collect(Collectors.toSet());
        Pattern tagged = Pattern.compile("(?m)^@Tag\\(\"" + tag + "\"\\)");
        Set<String> expected = sources()
                .filter(path -> tagged.matcher(read(path)).find())
                .map(path -> path.getFileName().toString().replace(".java", ""))
                .filter(named::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(page.stream()
                        .filter(line -> line.startsWith("| `./tutti test " + flag + "`"))
                        .map(line -> line.substring(0, line.indexOf("; and single tests")))
                        .flatMap(line -> found(CLASS_IN_DOCUMENT, line)))
                .isNotEmpty()
                .containsExactlyElementsOf(expected);
    }

    @Test
    void linksLeadSomewhere() {
        assertThat(documents().flatMap(path -> found(LINK, read(path)).map(link -> path.resolveSibling(link))))
                .isNotEmpty()
                .allMatch(Files::exists);
    }

    /** But for that of Jackson 2, which the build does not have. */
    @Test
    void theVersionsForSpringAreThoseOfTheBuild() {
        String build = read(ROOT.resolve("pom.xml"));
        assertThat(VERSION.matcher(read(ROOT.resolve("docs/library.md"))).results())
                .hasSizeGreaterThan(5)
                .allMatch(version -> build.contains("<" + OF_SPRING.getOrDefault(version.group(1), version.group(1))
                        + ".version>" + version.group(2) + "</"));
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
                .containsExactlyInAnyOrder(
                        "ConversationSummaries.java",
                        "KeptMessages.java",
                        "PreferenceStore.java",
                        "SummaryStore.java",
                        "V22__webhooks.sql",
                        "WebhookTable.java",
                        "WordStore.java");
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
        assertThat(ofTheProgram(CLOCK_READ))
                .containsExactlyInAnyOrder(
                        "ConnectionDrain.java",
                        "Deadline.java",
                        "Dispatcher.java",
                        "EmbeddedDatabase.java",
                        "JobKind.java",
                        "SharedBuckets.java",
                        "StreamedBody.java");
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
                        "PostgresJobs.java",
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

    private static Stream<String> ofTheProgram(Pattern pattern) {
        return sources()
                .filter(path -> path.toString().contains("/src/main/")
                        && TOOLS.stream().noneMatch(tool -> path.startsWith(ROOT.resolve(tool)))
                        && pattern.matcher(read(path)).find())
                .map(path -> path.getFileName().toString());
    }

    @Test
    void noMergeIsHalfDone() {
        assertThat(Stream.concat(sources(), documents()))
                .noneMatch(path -> CONFLICT.matcher(read(path)).find());
    }

    @Test
    void theSubjectOfASentenceIsANoun() {
        Stream<String> ofComments = sources()
                .filter(path -> path.toString().contains("/src/main/"))
                .flatMap(path ->
                        comments(read(path)).flatMap(SourcesTest::clauses).map(clause -> path + ": " + clause));
        Stream<String> ofDocuments = Stream.concat(documents(), files(".yaml"))
                .filter(path -> path.startsWith(ROOT.resolve("docs")) || path.equals(ROOT.resolve("README.md")))
                .flatMap(path -> clauses(prose(read(path))).map(clause -> path + ": " + clause));
        assertThat(Stream.concat(ofComments, ofDocuments)).isEmpty();
    }

    @Test
    void aSentenceWithoutANounAsItsSubjectIsNoticed() {
        String source = """
                /** Reads. Who asks is told. */
                String text = "What is no comment."; // That waits.
                /**
                 * First.
                 *
                 * <p>Whoever comes
                 * waits. What now?
                 */
                """;
        String document = """
                ## What it is
                Whom it serves: none.
                ```
                What is code.
                ```
                - Not this. (That is one.)
                - a bullet
                - What is another one
                | name | Who may |
                """;
        assertThat(comments(source).flatMap(SourcesTest::clauses))
                .containsExactly("Who asks is told.", "That waits.", "Whoever comes\nwaits.");
        assertThat(clauses(prose(document)))
                .containsExactly(
                        "## What it is", "Whom it serves:", "(That is one.)", "- What is another one", "Who may");
    }

    private static Stream<String> comments(String source) {
        return TEXT_OR_COMMENT
                .matcher(source)
                .results()
                .map((MatchResult result) -> result.group())
                .filter(text -> text.startsWith("/"))
                .map(text -> COMMENT_MARK.matcher(text).replaceAll(""));
    }

    /** A document without its code, and with its headings as paragraphs. */
    private static String prose(String document) {
        return HEADING.matcher(FENCED_CODE.matcher(document).replaceAll("")).replaceAll("$0\n");
    }

    private static Stream<String> clauses(String text) {
        return SENTENCES
                .splitAsStream(text)
                .filter(sentence -> CLAUSE_AS_SUBJECT.matcher(sentence).matches())
                .map(String::strip);
    }

    /** Without those that break the rules on purpose. */
    private static Stream<Path> sources() {
        return files(".java").filter(path -> !path.toString().contains("/broken/"));
    }

    private static Stream<Path> mainSources(String module) {
        return sources().filter(path -> path.startsWith(ROOT.resolve(module).resolve("src/main")));
    }

    private static Stream<Path> documents() {
        return files(".md");
    }

    private static Stream<Path> files(String end) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return OUTPUT.contains(directory.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(end)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found.stream();
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList().stream();
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
