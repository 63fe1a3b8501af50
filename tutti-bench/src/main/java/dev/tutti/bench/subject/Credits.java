package dev.tutti.bench.subject;

import dev.tutti.bench.measure.BenchException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The credits for messages, which bound how many may be on their way: each load process connects, waits for one byte as a welcome,
 * and then sends one whenever one message more has reached all its connections. Closes the loop between those who send and those
 * who count, so that queues stay as short as the window. {@link #take} and {@link #settle} are for one thread.
 */
final class Credits implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final int window;
    private final ServerSocket listener;
    private final List<Semaphore> givers = new CopyOnWriteArrayList<>();
    private volatile long latest;

    Credits(int window) {
        this.window = window;
        try {
            listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new BenchException("cannot listen for credits", failure);
        }
        Thread.ofVirtual().name("credits").start(this::accept);
    }

    /** Where load processes connect. */
    int port() {
        return listener.getLocalPort();
    }

    /** Waits until one message more may be sent. */
    void take() throws InterruptedException {
        if (givers.isEmpty()) {
            throw new BenchException("nobody counts what arrives");
        }
        for (Semaphore giver : givers) {
            acquire(giver, 1);
        }
    }

    /** Waits until all that was sent has arrived, and says when the last of it did, by {@link System#nanoTime}. */
    long settle() throws InterruptedException {
        for (Semaphore giver : givers) {
            acquire(giver, window);
            giver.release(window);
        }
        return latest;
    }

    private static void acquire(Semaphore giver, int permits) throws InterruptedException {
        if (!giver.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new BenchException("a message has not arrived everywhere within " + PATIENCE_SECONDS + " s");
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Semaphore giver = new Semaphore(window);
                givers.add(giver);
                Thread.ofVirtual().name("credit").start(() -> read(socket, giver));
            }
        } catch (IOException closed) {
            givers.clear();
        }
    }

    private void read(Socket socket, Semaphore giver) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write(1); // from now on its credits count
            byte[] bytes = new byte[256];
            for (int n = in.read(bytes); n > 0; n = in.read(bytes)) {
                latest = System.nanoTime();
                giver.release(n);
            }
        } catch (IOException gone) {
            throw new BenchException("a load process is gone", gone);
        } finally {
            givers.remove(giver);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new BenchException("cannot stop listening for credits", failure);
        }
    }
}
