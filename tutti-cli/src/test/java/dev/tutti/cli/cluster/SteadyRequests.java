package dev.tutti.cli.cluster;

import dev.tutti.testkit.client.RawConnection;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * A client that sends one request after the other, each on a connection of its own, so that no library repeats one behind
 * our back. On a virtual thread, until it is stopped.
 */
final class SteadyRequests {
    private static final long PAUSE_NANOS = 10_000_000;

    private final URI address;
    private final IntFunction<String> request;
    private final AtomicInteger sent = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;

    /** Sends {@code request} of 0, 1, 2, … to {@code address}. */
    SteadyRequests(URI address, IntFunction<String> request) {
        this.address = address;
        this.request = request;
        thread = Thread.startVirtualThread(this::run);
    }

    /** A GET of {@code path}. */
    static SteadyRequests gets(URI address, String path) {
        return new SteadyRequests(
                address, number -> "GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    }

    /** POSTs of {@code body}, in which # is the number, to {@code path} with an access token. */
    static SteadyRequests posts(URI address, String path, String token, String body) {
        return new SteadyRequests(address, number -> {
            String text = body.replace("#", Integer.toString(number));
            return "POST " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\nAuthorization: Bearer " + token
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
        });
    }

    int sent() {
        return sent.get();
    }

    /** Stops, and gives what was not answered with 2xx. */
    List<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        return failures;
    }

    private void run() {
        while (!stopped) {
            try {
                String answer = answer(request.apply(sent.getAndIncrement()));
                if (!answer.startsWith("HTTP/1.1 2")) {
                    failures.add("request " + sent + " was answered with " + answer);
                }
            } catch (UncheckedIOException failure) {
                failures.add("request " + sent + ": " + failure);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private String answer(String text) {
        try (RawConnection client = new RawConnection(address.getPort())) {
            return client.send(text).whole();
        }
    }
}
