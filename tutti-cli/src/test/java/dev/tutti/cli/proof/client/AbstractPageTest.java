package dev.tutti.cli.proof.client;

import com.microsoft.playwright.Browser;
import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

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
}
