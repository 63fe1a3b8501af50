package dev.tutti.architecture;

import static dev.tutti.architecture.SourceTree.documents;
import static dev.tutti.architecture.SourceTree.files;
import static dev.tutti.architecture.SourceTree.read;
import static dev.tutti.architecture.SourceTree.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The English of comments and documents. */
class SentencesTest {
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

    @Test
    void theSubjectOfASentenceIsANoun() {
        Stream<String> ofComments = sources()
                .filter(path -> path.toString().contains("/src/main/"))
                .flatMap(path ->
                        comments(read(path)).flatMap(SentencesTest::clauses).map(clause -> path + ": " + clause));
        Stream<String> ofDocuments = Stream.concat(documents(), files(".yaml"))
                .filter(SourceTree::isForUsers)
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
        assertThat(comments(source).flatMap(SentencesTest::clauses))
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
}
