package dev.tutti.cli.proof.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locales in which numbers have other digits than programs read. */
class LocaleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String SECRET = "a-secret-of-the-server-alone-long-enough";
    private static final String WEBHOOKS = "/api/server/webhooks";
    private static final String PERSIAN = "-Duser.language=fa -Duser.country=IR";

    @Test
    void theProgramRunsInTheLocaleOfProgramsWhereTheSystemKnowsIt() throws Exception {
        assertThat(localeBeside("echo UTF-8")).isEqualTo("C.UTF-8");
        assertThat(localeBeside("return 127")).isEqualTo("C.UTF-8"); // there is no such program
        assertThat(localeBeside("case $LC_ALL in C.UTF-8) echo ANSI_X3.4-1968 ;; *) echo UTF-8 ;; esac"))
                .isEqualTo("fa_IR.UTF-8");
    }

    /** The locale of somebody from Iran behind jvm.sh, where {@code locale} does as it is told. */
    private static String localeBeside(String locale) throws Exception {
        String script = "locale() { " + locale + "; }; set -eu; . \"$0\"; printenv LC_ALL";
        ProcessBuilder shell = new ProcessBuilder(
                "/bin/sh",
                "-c",
                script,
                Path.of("src", "main", "dist", "bin", "jvm.sh").toAbsolutePath().toString());
        shell.environment().put("LC_ALL", "fa_IR.UTF-8");
        Process process = shell.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).isZero();
        return said.strip();
    }

    @Tag("slow")
    @Test
    void theDatabaseAndProgramsReadNumbersOfAServerWhoseLocaleHasOtherDigits(@TempDir Path directory) throws Exception {
        Account root = new Account("", "", ApiKeys.root(SECRET));
        Launch launch = Solo.launch(directory)
                .with("JWT_SECRET", SECRET)
                .with("TUTTI_WEBHOOK_PRIVATE_NETWORKS", "true")
                .with("JDK_JAVA_OPTIONS", PERSIAN);
        try (ServerProcess server = ServerProcess.start(launch);
                ServerApi api = new ServerApi(launch.address())) {
            assertThat(server.output()).contains(PERSIAN); // the JVM has taken it
            String id = api.post(
                            WEBHOOKS, root, Map.of("url", "http://127.0.0.1:9/hook", "streams", List.of("room:quiet")))
                    .path("webhook")
                    .path("id")
                    .asString();

            assertThat(api.post(WEBHOOKS + "/" + id + "/secret", root, Map.of())
                            .path("secret")
                            .asString())
                    .isNotEmpty();
            assertThat(published(directory.resolve("command"), launch, root))
                    .contains("{\"published\":0,\"repeated\":0}");
        }
    }

    /** The output of {@code tutti publish --batch} in {@code directory}, with no events, in the same locale. */
    private static String published(Path directory, Launch server, Account root) throws Exception {
        List<String> command = new ArrayList<>(Solo.program());
        command.addAll(
                List.of("publish", "--batch", "--server", server.address().toString()));
        Launch launch = new Launch(
                command,
                Map.of("TUTTI_KEY", root.token(), "JDK_JAVA_OPTIONS", PERSIAN),
                Files.createDirectories(directory),
                server.address(),
                PATIENCE);
        try (ServerProcess publish = ServerProcess.of(launch)) {
            publish.spawn();
            assertThat(publish.awaitEnd(PATIENCE)).isZero();
            return publish.output();
        }
    }
}
