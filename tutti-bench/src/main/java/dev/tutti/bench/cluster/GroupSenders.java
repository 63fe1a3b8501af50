package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ServerApi;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** People with a group each. */
final class GroupSenders {
    /** Hashing a password takes its time, and the processors. */
    private static final int AT_A_TIME = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private GroupSenders() {}

    /** Through which they speak to the server at {@code address}. */
    static ServerApi door(URI address) {
        return new ServerApi(address, new Api(PATIENCE));
    }

    /** Registers {@code count} of them. */
    static List<SteadySenders.Sender> register(ServerApi door, int count) {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<SteadySenders.Sender>> all = IntStream.range(0, count)
                    .mapToObj(number -> threads.submit(() -> {
                        Account account = door.register("bench" + number);
                        return current(door, account, door.group(account, "Bench " + number, List.of()));
                    }))
                    .toList();
            return all.stream().map(GroupSenders::done).toList();
        }
    }

    /** Somebody with their group as it is now, and the token to follow with. */
    static SteadySenders.Sender current(ServerApi door, Account account, String group)
            throws IOException, InterruptedException {
        String token = door.get("/api/chat", account).path("token").asString();
        long last =
                door.get("/api/conversations/" + group, account).path("lastSeq").asLong();
        return new SteadySenders.Sender(account, group, last, token);
    }

    private static SteadySenders.Sender done(Future<SteadySenders.Sender> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw new BenchException("preparing", failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }
}
