package dev.tutti.faults;

import dev.tutti.testkit.process.QuickJvm;
import dev.tutti.testkit.process.RehearsedProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The server with an AOT cache, for tests that start it again and again. */
final class RehearsedServer {
    private RehearsedServer() {}

    /** As {@link ServerLaunch#command}, of the classes as they are. */
    static List<String> command() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(RehearsedProgram.command(
                QuickJvm.command(),
                QuickJvm.classPath(),
                Path.of("target", "rehearsed"),
                Path.of("target", "postgres")));
        command.add(FaultServer.class.getName());
        return List.copyOf(command);
    }
}
