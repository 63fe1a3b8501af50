package dev.tutti.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.server.key.ApiKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TuttiCommandTest {
    private record Answer(int exitCode, String out, String err) {}

    @TempDir
    private Path directory;

    @Test
    void configExplainsWhoMayDoWhat() throws IOException {
        String secret = "0123456789abcdef0123456789abcdef";
        Answer answer = typed(Map.of("JWT_SECRET", secret), "config", "--who-may", ApiKeys.root(secret), "room:1");

        assertThat(answer.exitCode).isZero();
        assertThat(answer.out)
                .contains(
                        "May read the stream room:1: allowed by read:* in the key.",
                        "May publish the feed room:1: allowed by publish:* in the key.");

        Answer anybody = typed(
                Map.of("TUTTI_RIGHTS", "anybody:read:room:public-*"),
                "config",
                "--who-may",
                "anybody",
                "room:public-1");
        assertThat(anybody.exitCode).isZero();
        assertThat(anybody.out)
                .contains("May read the stream room:public-1: allowed by anybody:read:room:public-* in TUTTI_RIGHTS.");

        Answer refused = typed(Map.of("JWT_SECRET", secret), "config", "--who-may", "nonsense", "room:1");
        assertThat(refused.exitCode).isEqualTo(1);
        assertThat(refused.err).contains("the access token is malformed");
    }

    @Test
    void configShowsFlagsEnvironmentFileAndDefaultsEachWithItsOrigin() throws IOException {
        Files.writeString(directory.resolve(".env"), "LOG_LEVEL=debug\nHOST=0.0.0.0\n");

        Answer answer = typed(Map.of("HOST", "::1"), "config", "--port", "8080");

        assertThat(answer.exitCode).isZero();
        assertThat(answer.out)
                .containsPattern("PORT +8080 +flag")
                .containsPattern("HOST +::1 +environment")
                .containsPattern("LOG_LEVEL +debug +\\.env")
                .containsPattern("LOG_FORMAT +text +default");
    }

    @Test
    void aNamedEnvFileThatIsNotThereIsAMistake() {
        Answer answer = typed(Map.of(), "config", "--env-file", "other.env");

        assertThat(answer.exitCode).isEqualTo(2);
        assertThat(answer.err).contains("other.env does not exist");
    }

    @Test
    void aNamedEnvFileTakesThePlaceOfTheUsualOne() throws IOException {
        Files.writeString(directory.resolve(".env"), "PORT=1\n");
        Files.writeString(directory.resolve("other.env"), "HOST=::1\n");

        assertThat(typed(Map.of(), "config", "--env-file", "other.env").out)
                .containsPattern("PORT +3000 +default")
                .containsPattern("HOST +::1 +other\\.env");
    }

    @Test
    void mistakesKeepTheServerFromStarting() {
        Answer answer = typed(Map.of("PORT", "none", "LOG_LEVEL", "loud"), "run");

        assertThat(answer.exitCode).isEqualTo(2);
        assertThat(answer.err).contains("2 mistakes", "PORT = 'none'", "LOG_LEVEL = 'loud'");
    }

    @Test
    void secretsHaveNoFlag() {
        Answer answer = typed(Map.of(), "config", "--jwt-secret", "0123456789abcdef0123456789abcdef");

        assertThat(answer.exitCode).isEqualTo(2);
        assertThat(typed(Map.of(), "run", "--help").out)
                .contains("--port")
                .doesNotContain("--jwt-secret", "hmac-secret", "--redis-password", "--database-url");
    }

    @Test
    void aMistypedFlagIsAnsweredInAFewLines() {
        Answer answer = typed(Map.of(), "run", "--prot=1");

        assertThat(answer.exitCode).isEqualTo(2);
        assertThat(answer.err).contains("--prot=1", "--port", "See: tutti run --help");
        assertThat(answer.err.lines().count()).isLessThan(8);
    }

    @Test
    void commandsAskAServerWithTlsOverHttps() {
        Map<String, String> plain = Map.of("TUTTI_KEY", "tutti_key", "PORT", "1");
        assertThat(typed(plain, "key", "list").err).contains("http://127.0.0.1:1 cannot be reached");
        Map<String, String> tls = new HashMap<>(plain);
        tls.put("TUTTI_TLS_CERT", "chain.pem");
        tls.put("TUTTI_TLS_KEY", "key.pem");
        assertThat(typed(tls, "key", "list").err).contains("https://localhost:1/ cannot be reached");
        tls.put("TUTTI_PUBLIC_URL", "https://127.0.0.1:2/");
        assertThat(typed(tls, "key", "list").err).contains("https://127.0.0.1:2/ cannot be reached");
        for (String elsewhere : List.of("http://127.0.0.1:2/", "https://127.0.0.1:2/chat/")) {
            tls.put("TUTTI_PUBLIC_URL", elsewhere);
            assertThat(typed(tls, "key", "list").err).contains("https://localhost:1 cannot be reached");
        }
        assertThat(typed(tls, "key", "list", "--server", "https://localhost:3").err)
                .contains("https://localhost:3 cannot be reached");
    }

    @Test
    void anEventIsTypedInFullOrComesAsALine() {
        for (String[] typed : List.of(
                new String[] {"publish"},
                new String[] {"publish", "room:a", "said"},
                new String[] {"publish", "--batch", "room:a"},
                new String[] {"publish", "--batch", "--key", "1"})) {
            Answer answer = typed(Map.of("TUTTI_KEY", "tutti_key"), typed);
            assertThat(answer.exitCode).isEqualTo(2);
            assertThat(answer.err).contains("STREAM, TYPE", "--batch", "See: tutti publish --help");
        }
    }

    @Test
    void versionNamesTuttiAndJava() {
        assertThat(typed(Map.of(), "version").out).startsWith("tutti ").contains("Java ");
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(typed(Map.of(), "help").out).contains("run", "config", "version", "help");
    }

    private Answer typed(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine tutti = TuttiCommand.at(new Terminal(environment, directory));
        tutti.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = tutti.execute(arguments);
        return new Answer(exitCode, out.toString(), err.toString());
    }
}
