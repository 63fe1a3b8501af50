package dev.tutti.bench.cluster;

import dev.tutti.bench.BenchException;
import dev.tutti.bench.child.Background;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several {@code tutti run} over one database, each at a port of its own, nothing before them. For one thread at a time. */
final class Instances implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    /** One of them. */
    private record Instance(int port, Background program) {}

    private final List<Instance> all = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** Starts {@code count} with {@code settings} and heaps of {@code heapMiB}; their logs are in {@code directory}. */
    Instances(Path directory, int count, int heapMiB, Map<String, String> settings) {
        try {
            for (int number = 1; number <= count; number++) {
                start(directory.resolve("instance-" + number + ".log"), heapMiB, "instance-" + number, settings);
            }
            for (Instance instance : all) {
                ServerProgram.await(instance.program(), START, "an instance", () -> isReady(instance));
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private void start(Path log, int heapMiB, String name, Map<String, String> settings) {
        int port = ServerProgram.freePort();
        Map<String, String> own = new HashMap<>(settings);
        own.put("PORT", Integer.toString(port));
        own.put("INSTANCE_ID", name);
        own.put("LOG_LEVEL", "warn");
        all.add(new Instance(port, ServerProgram.start(log, heapMiB, own, "run")));
    }

    private boolean isReady(Instance instance) {
        try {
            return read(instance, "/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where they listen. */
    List<Integer> ports() {
        return all.stream().map(Instance::port).toList();
    }

    /** The sum of counter {@code name} over all of them. */
    double counter(String name) {
        return all.stream().mapToDouble(instance -> counter(instance, name)).sum();
    }

    private double counter(Instance instance, String name) {
        try {
            return read(instance, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException failure) {
            throw new BenchException("cannot read the metrics of port " + instance.port(), failure);
        }
    }

    /** The processor time that all of them have used. */
    Duration processorTime() {
        return all.stream().map(it -> it.program().processorTime()).reduce(Duration.ZERO, Duration::plus);
    }

    private HttpResponse<String> read(Instance instance, String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + instance.port() + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    /** Ends them, all at once. */
    @Override
    public void close() {
        all.parallelStream().forEach(instance -> instance.program().close());
        http.close();
    }
}
