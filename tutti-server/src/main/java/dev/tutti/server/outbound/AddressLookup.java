package dev.tutti.server.outbound;

import dev.tutti.concurrent.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds the addresses of hosts within a time of the caller's: the resolver of the system has time-outs of its own, which may be a minute,
 * and cannot be interrupted. All who ask for one host meanwhile wait for one lookup; {@value #AT_A_TIME} are done at a time, and the others
 * wait. Safe for use by many threads; blocks.
 */
final class AddressLookup implements AutoCloseable {
    /** Lookups at a time, each with a platform thread. */
    static final int AT_A_TIME = 16;

    private static final int MOST_WAITING = 1_000;

    /** Knows addresses; takes as long as it takes. */
    @FunctionalInterface
    interface Resolver {
        /** Those of {@code host}, at least one. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    AddressLookup(Resolver resolver) {
        this.resolver = resolver;
        this.threads = new ThreadPoolExecutor(
                AT_A_TIME,
                AT_A_TIME,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("tutti-lookup-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The addresses of {@code host}.
     *
     * @throws TimeoutException if they are not found by {@code deadline}
     * @throws IOException if there are none, or {@value #MOST_WAITING} other hosts are waited for
     */
    List<InetAddress> find(String host, Deadline deadline) throws IOException, InterruptedException, TimeoutException {
        try {
            return underWay.computeIfAbsent(host, this::begin)
                    .get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException tooMany) {
            throw new IOException("the address of " + host + " cannot be found now: too many are looked for", tooMany);
        } catch (ExecutionException failure) {
            throw new IOException("the address of " + host + " cannot be found", failure);
        }
    }

    private CompletableFuture<List<InetAddress>> begin(String host) {
        CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                lookup.complete(List.of(resolver.addresses(host)));
            } catch (Throwable failure) { // whatever it is, somebody waits for it
                lookup.completeExceptionally(failure);
            } finally {
                underWay.remove(host, lookup);
            }
        });
        return lookup;
    }

    /** Begins no others. Those that are under way end by themselves. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
