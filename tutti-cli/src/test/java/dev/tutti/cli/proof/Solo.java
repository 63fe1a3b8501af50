package dev.tutti.cli.proof;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.cli.Main;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.QuickJvm;
import dev.tutti.testkit.process.RehearsedProgram;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A {@code tutti run} with nothing but a temporary directory: its own JVM, its own embedded PostgreSQL. */
public final class Solo {
    /** Where PostgreSQL's programs are unpacked for all tests of this module. */
    public static final Path PROGRAMS = Path.of("target", "postgres");

    /** The secret of those that are made by {@link #spawn}. */
    public static final String SECRET = "a-secret-that-all-of-them-share-long-enough";

    private Solo() {}

    /** How it is started, on a port that is free now, with a copy of an empty database. */
    public static Launch launch(Path directory) throws IOException {
        return withDatabase(bare(directory));
    }

    /** Puts a copy of an empty database where {@code launch} looks for its own. */
    public static Launch withDatabase(Launch launch) {
        Path data = Path.of(Objects.requireNonNull(launch.environment().get("TUTTI_DATA_DIR")), "postgres");
        DatabaseTemplate.copiedTo(EmbeddedSettings.in(data).withBinaries(PROGRAMS));
        return launch;
    }

    /** The same without a database: it makes one itself, or is told of another. */
    public static Launch bare(Path directory) throws IOException {
        return Launch.tutti(program(), directory, Ports.free()).sharing(PROGRAMS);
    }

    /** One that is ready. */
    public static ServerProcess start(Path directory) throws IOException, InterruptedException {
        return ServerProcess.start(launch(directory));
    }

    /** One of several on {@code postgres}, with a directory of its own in {@code directory}, whose start goes on. */
    public static ServerProcess spawn(
            Path directory, String name, EmbeddedDatabase postgres, Map<String, String> settings) throws IOException {
        ServerProcess process = ServerProcess.of(bare(Files.createDirectories(directory.resolve(name)))
                .with("DATABASE_URL", postgres.url())
                .with("JWT_SECRET", SECRET)
                .with("INSTANCE_ID", name)
                .with(settings));
        process.spawn();
        return process;
    }

    /** The message of a start that fails, the end of the output included. */
    public static String failed(Launch launch) {
        StringBuilder said = new StringBuilder();
        assertThatThrownBy(() -> ServerProcess.start(launch).close())
                .isInstanceOf(IOException.class)
                .satisfies(failure -> said.append(failure.getMessage()));
        return said.toString();
    }

    /** How the command line program is started. */
    public static List<String> program() {
        return Program.COMMAND;
    }

    /** Made when the first test needs it, and once. */
    private static final class Program {
        private static final List<String> COMMAND = command();

        private static List<String> command() {
            try {
                List<String> program = new ArrayList<>(RehearsedProgram.command(
                        QuickJvm.command(), QuickJvm.classPath(), Path.of("target", "rehearsed"), PROGRAMS));
                program.add(Main.class.getName());
                return List.copyOf(program);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the program was rehearsed", interrupted);
            }
        }
    }
}
