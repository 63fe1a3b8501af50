package dev.tutti.cli.proof.client;

import com.microsoft.playwright.Browser;
import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page in a real browser, with the unmodified Socket.IO client for JavaScript, against a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractPageTest {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    ServerProcess server;
    private Chromium chromium;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(Solo.launch(directory).with("TUTTI_FILE_MAX_BYTES", "1000000"));
        chromium = new Chromium();
    }

    @AfterAll
    void stop() {
        chromium.close();
        server.close();
    }

    PagePerson visitor(String prefix) {
        return visitor(prefix, new Browser.NewContextOptions());
    }

    PagePerson visitor(String prefix, Browser.NewContextOptions options) {
        return new PagePerson(prefix, chromium.visitor(options), server.launch().address());
    }

    /** A phone that is held upright. */
    static Browser.NewContextOptions phone() {
        return new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setIsMobile(true)
                .setHasTouch(true);
    }

    /** Signs in somebody who is at the page, at a device of this name. */
    static Account logIn(ServerApi api, String name, String device) throws IOException, InterruptedException {
        JsonNode login =
                api.post("/api/auth/login", null, Map.of("name", name, "password", Account.PASSWORD, "device", device));
        return new Account(
                login.path("user").path("id").stringValue(),
                name,
                login.path("accessToken").stringValue());
    }
}
