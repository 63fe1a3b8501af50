package dev.tutti.bench.child;

import dev.tutti.bench.BenchException;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs beside this one, and not longer: a shell waits for the end of its own input, which is also what
 * happens when this process dies, and ends the program then. Safe for use by many threads.
 */
public final class Background implements AutoCloseable {
    private static final String KEEPER = "\"$@\" >&2 & p=$!; echo $p; read -r _; kill $p 2>/dev/null;"
            + " (sleep 60; kill -9 $p) >/dev/null 2>&1 & k=$!; wait $p; kill $k 2>/dev/null";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHOWN_OF_LOG = 3_000;

    private final Process keeper;
    private final ProcessHandle program;
    private final Path log;

    private Background(Process keeper, ProcessHandle program, Path log) {
        this.keeper = keeper;
        this.program = program;
        this.log = log;
    }

    /** Starts {@code command} with more variables in its environment; what it prints goes to the file {@code log}. */
    public static Background start(Path log, Map<String, String> environment, List<String> command) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", KEEPER, "sh"));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process keeper = builder.start();
            String pid = keeper.inputReader(StandardCharsets.US_ASCII).readLine();
            ProcessHandle program = ProcessHandle.of(Long.parseLong(pid)).orElse(keeper.toHandle());
            return new Background(keeper, program, log);
        } catch (IOException failure) {
            throw new BenchException("cannot start " + command.getFirst(), failure);
        }
    }

    /** Whether it is still there. */
    public boolean isAlive() {
        return program.isAlive();
    }

    /** The processor time that it has used since it began, without that of its children. */
    public Duration processorTime() {
        return program.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Kills it, as {@code kill -9} does. */
    public void kill() {
        program.destroyForcibly();
        close(); // so that the shell takes note of it, and its port is free
    }

    /** Stops it where it stands, with SIGSTOP, until {@link #thaw}. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets it go on, with SIGCONT. */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", name, Long.toString(program.pid())).start();
            if (!kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new BenchException("cannot send " + name + " to " + program.pid());
            }
        } catch (IOException failure) {
            throw new BenchException("cannot send " + name, failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    /** The end of what it printed. */
    public String printed() {
        try {
            String all = Files.readString(log);
            return all.substring(Math.max(0, all.length() - SHOWN_OF_LOG));
        } catch (IOException failure) {
            return "its log cannot be read: " + failure;
        }
    }

    /** Ends it by SIGTERM, or after a minute by SIGKILL, with everything that it has started. Idempotent. */
    @Override
    public void close() {
        List<ProcessHandle> family = keeper.descendants().toList();
        try {
            keeper.getOutputStream().close();
            if (keeper.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException gone) {
            // it is the end that is wanted
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
        keeper.destroyForcibly();
    }
}
