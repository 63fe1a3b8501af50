package dev.tutti.bench.subject;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Commands;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process with one {@link MeasuredServer} in it, for as long as the parent lives. */
final class MeasuredProcess {
    private MeasuredProcess() {}

    /**
     * Obeys {@code run <milliseconds>}, which sends in a closed loop and answers {@code sent} and {@code nanos},
     * {@code steady <per second> <milliseconds>}, which sends at that rate, and {@code memory}. Says {@code port} and
     * {@code credits}, the port for those, first.
     */
    static void serve(MeasuredServer server, int window) throws IOException {
        try (server;
                Credits credits = new Credits(window)) {
            Commands.serve(
                    Answer.of("port", server.port()).and("credits", credits.port()),
                    Map.of(
                            "run", words -> run(server, credits, words),
                            "steady", words -> steady(server, credits, words),
                            "memory", _ -> Memory.measure()));
        }
    }

    private static Answer run(MeasuredServer server, Credits credits, List<String> words) throws InterruptedException {
        long began = System.nanoTime();
        long until = began + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words.getFirst()));
        long sent = 0;
        do {
            credits.take();
            server.send();
            sent++;
        } while (System.nanoTime() < until);
        return Answer.of("sent", sent).and("nanos", credits.settle() - began);
    }

    private static Answer steady(MeasuredServer server, Credits credits, List<String> words)
            throws InterruptedException {
        long interval = TimeUnit.SECONDS.toNanos(1) / Long.parseLong(words.getFirst());
        long began = System.nanoTime();
        long until = began + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words.get(1)));
        long sent = 0;
        for (long due = began; due < until; due += interval) {
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            credits.take();
            server.send();
            sent++;
        }
        return Answer.of("sent", sent).and("nanos", credits.settle() - began);
    }
}
