package dev.tutti.cli.proof.client;

import dev.tutti.cli.proof.Several;
import dev.tutti.testkit.process.Launch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** The same against three instances behind nginx, on PostgreSQL alone. */
@Tag("slow")
class SocketIoClusterTest extends SocketIoClientTest {
    @Override
    Launch launch(Path directory) throws IOException {
        return Several.launch(directory);
    }
}
