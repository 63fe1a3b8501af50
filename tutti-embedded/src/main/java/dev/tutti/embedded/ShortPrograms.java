package dev.tutti.embedded;

import dev.tutti.concurrent.Deadline;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Runs short programs to their end. */
final class ShortPrograms {
    /**
     * The outcome of a program.
     *
     * @param status its exit status
     * @param output what it wrote, its last 8 KiB
     */
    record Outcome(int status, String output) {
        boolean succeeded() {
            return status == 0;
        }
    }

    private static final int OUTPUT_BYTES = 8192;
    private static final Duration READ_WITHIN = Duration.ofSeconds(2);

    private ShortPrograms() {}

    /**
     * Runs {@code command}, at most for {@code limit}; then it is killed. An interrupt changes nothing and is kept: a program
     * killed half-way may leave another one running behind it.
     */
    static Outcome run(List<String> command, Duration limit) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        // A reader of its own, because a program that fills its pipe would never end.
        StringBuilder output = new StringBuilder();
        Thread reader = Thread.startVirtualThread(() -> {
            try (var stream = process.getInputStream()) {
                byte[] buffer = new byte[OUTPUT_BYTES];
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                    String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
                    synchronized (output) {
                        output.append(text);
                        output.delete(0, Math.max(0, output.length() - OUTPUT_BYTES));
                    }
                }
            } catch (IOException e) {
                synchronized (output) {
                    output.append(e);
                }
            }
        });
        boolean interrupted = false;
        Deadline deadline = Deadline.in(limit);
        try {
            while (process.isAlive() || reader.isAlive()) {
                try {
                    if (!process.waitFor(deadline.left())) {
                        process.destroyForcibly();
                        throw new IOException(command.getFirst() + " did not end within " + limit);
                    }
                    reader.join(READ_WITHIN);
                    break; // what keeps the pipe open longer is not the program
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (output) {
            return new Outcome(process.exitValue(), output.toString().strip());
        }
    }
}
