package dev.tutti.cli.cluster;

import dev.tutti.cli.command.Terminal;
import dev.tutti.cli.command.TuttiCommand;
import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** A {@code tutti cluster}, or a {@code tutti run} of several processes, in a process group of its own, as a terminal gives it. */
final class ClusterProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern PID = Pattern.compile("\\(pid (\\d+)");

    final ServerProcess process;
    final URI address;
    private final Path data;

    private ClusterProcess(ServerProcess process, URI address, Path data) {
        this.process = process;
        this.address = address;
        this.data = data;
    }

    /** One with its data below {@code directory} that is ready; {@code arguments} are of {@code tutti cluster}. */
    static ClusterProcess start(Path directory, String... arguments) throws IOException, InterruptedException {
        return start(directory, Map.of(), arguments);
    }

    /** The same with more environment variables. */
    static ClusterProcess start(Path directory, Map<String, String> more, String... arguments)
            throws IOException, InterruptedException {
        return started(Solo.program(), directory, more, "cluster", arguments);
    }

    /** The same with {@code program} as the JVM, its options and its main class. */
    static ClusterProcess startAs(List<String> program, Path directory, String... arguments)
            throws IOException, InterruptedException {
        return started(program, directory, Map.of(), "cluster", arguments);
    }

    /** One that {@code tutti run} makes of itself for the sake of {@code more}. */
    static ClusterProcess run(Path directory, Map<String, String> more) throws IOException, InterruptedException {
        return started(Solo.program(), directory, more, "run");
    }

    private static ClusterProcess started(
            List<String> program, Path directory, Map<String, String> more, String name, String... arguments)
            throws IOException, InterruptedException {
        int port = Ports.free();
        Path data = directory.resolve("data");
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(program);
        command.add(name);
        command.addAll(List.of(arguments));
        URI address = URI.create("http://127.0.0.1:" + port);
        Map<String, String> environment = new HashMap<>(
                Map.of("PORT", Integer.toString(port), "TUTTI_DATA_DIR", data.toString(), "LOG_LEVEL", "warn"));
        environment.putAll(more);
        URI health = URI.create("http://127.0.0.1:" + more.getOrDefault("TUTTI_OPERATOR_PORT", Integer.toString(port)));
        ServerProcess process = ServerProcess.start(Solo.withDatabase(
                new Launch(command, environment, directory, health, PATIENCE).sharing(Solo.PROGRAMS)));
        return new ClusterProcess(process, address, data);
    }

    /** What a command prints, and what it exits with. */
    record Outcome(int code, String out, String err) {}

    /** Gives {@code cluster}'s subcommand {@code words} at another terminal. */
    Outcome tell(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine tutti = TuttiCommand.at(new Terminal(Map.of("TUTTI_DATA_DIR", data.toString()), Path.of("")))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        List<String> arguments = new ArrayList<>(List.of("cluster"));
        arguments.addAll(List.of(words));
        return new Outcome(tutti.execute(arguments.toArray(String[]::new)), out.toString(), err.toString());
    }

    /** Sends SIGTERM to the process and to all that are in its group, as a terminal does with Ctrl-C. */
    void signalGroup() throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -TERM -" + process.pid())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The processes it has told of that are alive. */
    List<Long> alive() throws IOException {
        return PID.matcher(process.output())
                .results()
                .map(found -> Long.parseLong(found.group(1)))
                .distinct()
                .filter(pid -> ProcessHandle.of(pid)
                        .flatMap(handle -> handle.info().command())
                        .isPresent())
                .toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
