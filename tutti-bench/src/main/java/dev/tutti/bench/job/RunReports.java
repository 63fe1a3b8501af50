package dev.tutti.bench.job;

import dev.tutti.bench.measure.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * Listens on a port of this machine to one other process, which says there which jobs have run: the number of each, a
 * line each. A job that it does not report is one that did not run.
 */
final class RunReports implements AutoCloseable {
    private final ServerSocket listening;

    /** Begins to listen; {@code run} is given the numbers, on a thread of its own. */
    RunReports(IntConsumer run) {
        try {
            listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new BenchException("cannot listen for jobs that have run", failure);
        }
        Thread.ofVirtual().name("run-reports").start(() -> hear(run));
    }

    /** Where it listens. */
    int port() {
        return listening.getLocalPort();
    }

    private void hear(IntConsumer run) {
        try (Socket socket = listening.accept();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                run.accept(Integer.parseInt(line));
            }
        } catch (IOException ended) {
            // what is not reported then has not run, which fails the round
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException failure) {
            throw new BenchException("cannot stop listening for jobs that have run", failure);
        }
    }
}
