package dev.tutti.bench.child;

import dev.tutti.bench.measure.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process of this tool that obeys commands, one line each, answered by one line each; no server that the testkit could start.
 * Its log goes where this process's does. For one thread at a time.
 */
public final class Child implements AutoCloseable {
    /** By its name: it knows all commands, and some of those start children. */
    private static final String MAIN = "dev.tutti.bench.Bench";

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;
    private final Answer hello;

    private Child(List<String> commandLine, @Nullable Path directory, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectError(Redirect.INHERIT);
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        try {
            process = builder.start();
        } catch (IOException failure) {
            throw new BenchException("cannot start " + commandLine.getFirst(), failure);
        }
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        try {
            hello = answer(String.join(
                    " ", commandLine.subList(Math.max(0, commandLine.size() - 3), commandLine.size())));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** A JVM like this one that runs {@code tutti bench} with {@code arguments}. */
    public static Child java(String... arguments) {
        return java(Map.of(), arguments);
    }

    /** As {@link #java(String...)}, with more variables in its environment, which unlike arguments nobody else can read. */
    public static Child java(Map<String, String> environment, String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "-XX:MinHeapFreeRatio=5",
                "-XX:MaxHeapFreeRatio=10",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN));
        line.addAll(Arrays.asList(arguments));
        return new Child(line, null, environment);
    }

    /** Another program that speaks the same lines, with more variables in its environment. */
    public static Child program(Path directory, Map<String, String> environment, String... commandLine) {
        return new Child(List.of(commandLine), directory, environment);
    }

    /** The first answer of the process, which it gave by itself. */
    public Answer hello() {
        return hello;
    }

    /** Has it do something, and waits for the answer, for three minutes at most. */
    public Answer ask(Object... words) {
        String line =
                String.join(" ", Arrays.stream(words).map(Object::toString).toList());
        commands.println(line);
        return answer(line);
    }

    /** The processor time that it has used since it began. */
    public Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private Answer answer(String asked) {
        CompletableFuture<String> line = new CompletableFuture<>();
        Thread.ofVirtual().name("answer").start(() -> {
            try {
                line.complete(nextAnswer());
            } catch (IOException | RuntimeException failure) {
                line.completeExceptionally(failure);
            }
        });
        String got;
        try {
            got = line.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new BenchException("'" + asked + "' was not answered", failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while waiting for '" + asked + "'", interrupt);
        }
        if (got.startsWith(Commands.FAILURE)) {
            throw new BenchException("'" + asked + "' failed: " + got.substring(Commands.FAILURE.length()));
        }
        return Answer.parse(got.substring(Commands.ANSWER.length()));
    }

    /** Skips what libraries print. */
    private String nextAnswer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(Commands.ANSWER) || line.startsWith(Commands.FAILURE)) {
                return line;
            }
        }
        throw new IOException("the process ended; its log says why");
    }

    /** Kills it with SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        close();
    }

    /** Ends the process: its input ends, and five seconds later it is killed. Idempotent. */
    @Override
    public void close() {
        commands.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupt) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
