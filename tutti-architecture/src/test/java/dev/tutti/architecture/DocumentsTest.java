package dev.tutti.architecture;

import static dev.tutti.architecture.SourceTree.ROOT;
import static dev.tutti.architecture.SourceTree.documents;
import static dev.tutti.architecture.SourceTree.found;
import static dev.tutti.architecture.SourceTree.read;
import static dev.tutti.architecture.SourceTree.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents say what the sources and the build say. */
class DocumentsTest {
    private static final Pattern DECLARED = Pattern.compile("(?:class|record|interface|enum) (\\w+)");
    private static final Pattern CLASS_IN_DOCUMENT = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.\\w+)?`");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");
    private static final Pattern LINK_TO_SECTION = Pattern.compile("]\\(((?!https?:)[^)#]*#[^)]+)\\)");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern VERSION = Pattern.compile("<([a-z-]+)\\.version>([^<]+)</");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</");
    private static final Pattern ARTIFACT =
            Pattern.compile("(?:dev\\.tutti:|<groupId>dev\\.tutti</groupId>\\s*<artifactId>)([a-z-]++)");
    private static final Pattern NAMED_ARTIFACT = Pattern.compile("`(tutti-[a-z-]+)`");
    /** Behind an artifact's name in coordinates, and in that of its file. */
    private static final Pattern ARTIFACT_VERSION = Pattern.compile("(?:dev\\.tutti:[a-z-]++:"
            + "|<groupId>dev\\.tutti</groupId>\\s*<artifactId>[a-z-]++</artifactId>\\s*<version>"
            + "|\\btutti[a-z-]*-(?=[0-9][\\w.-]*\\.jar))([0-9][\\w.-]*?)(?:</|\\.jar|[`\\s])");
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

    @Test
    void linksToSectionsNameTheirHeadings() {
        assertThat(documents()
                        .flatMap(path -> found(LINK_TO_SECTION, read(path))
                                .filter(link -> link.startsWith("#") || link.contains(".md#"))
                                .filter(link -> !leadsToSection(path, link))
                                .map(link -> path + ": " + link)))
                .isEmpty();
        assertThat(leadsToSection(ROOT.resolve("README.md"), "docs/backend.md#sql"))
                .isTrue();
        assertThat(leadsToSection(ROOT.resolve("README.md"), "docs/backend.md#no-sql"))
                .isFalse();
    }

    private static boolean leadsToSection(Path from, String link) {
        int hash = link.indexOf('#');
        Path page = hash == 0 ? from : from.resolveSibling(link.substring(0, hash));
        String text = CODE_BLOCK.matcher(read(page)).replaceAll("");
        return found(HEADING, text).map(DocumentsTest::anchor).anyMatch(link.substring(hash + 1)::equals);
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("]\\([^)]*\\)", "")
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
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

    @Test
    void theCoordinatesInTheDocumentsAreThoseOfTheBuild() {
        String managed = read(ROOT.resolve("tutti-bom").resolve("pom.xml"));
        Set<String> artifacts = found(ARTIFACT, managed).collect(Collectors.toCollection(TreeSet::new));
        String version = found(ARTIFACT_VERSION, managed).findFirst().orElseThrow();
        List<String> pages =
                documents().filter(SourceTree::isForUsers).map(SourceTree::read).toList();

        assertThat(found(MODULE, read(ROOT.resolve("pom.xml")))).containsAll(artifacts);
        assertThat(found(NAMED_ARTIFACT, read(ROOT.resolve("README.md"))))
                .isNotEmpty()
                .isSubsetOf(artifacts);
        assertThat(pages.stream().flatMap(page -> found(ARTIFACT, page)))
                .contains("tutti-bom")
                .isSubsetOf(artifacts);
        assertThat(pages.stream().flatMap(page -> found(ARTIFACT_VERSION, page)))
                .isNotEmpty()
                .containsOnly(version);
    }

    @Test
    void anotherArtifactOrVersionInCoordinatesIsNoticed() {
        String document = """
                `dev.tutti:tutti-one` and `dev.tutti:tutti-two:1.2`, whose file is `lib/tutti-two-1.3.jar`
                <groupId>dev.tutti</groupId>
                <artifactId>tutti-three</artifactId>
                <version>1.4-beta</version>
                <groupId>org.others</groupId>
                <artifactId>others</artifactId>
                <version>5</version>
                """;
        assertThat(found(ARTIFACT, document)).containsExactly("tutti-one", "tutti-two", "tutti-three");
        assertThat(found(ARTIFACT_VERSION, document)).containsExactly("1.2", "1.3", "1.4-beta");
    }
}
