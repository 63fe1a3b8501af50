package dev.tutti.bench.cluster;

import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several {@code tutti run} over one database, each at a port of its own, nothing before them. For one thread at a time. */
final class Instances implements AutoCloseable {
    private final List<ServerProcess> all = new ArrayList<>();
    private final List<ServerApi> doors = new ArrayList<>();

    /** Starts {@code count} with {@code settings} and heaps of {@code heapMiB}; each has a directory in {@code directory}. */
    Instances(Path directory, int count, int heapMiB, Map<String, String> settings)
            throws IOException, InterruptedException {
        try {
            for (int number = 1; number <= count; number++) {
                String name = "instance-" + number;
                Map<String, String> own = new HashMap<>(settings);
                own.put("INSTANCE_ID", name);
                all.add(ServerProgram.spawn(directory.resolve(name), Ports.free(), heapMiB, own, "run"));
            }
            for (ServerProcess instance : all) {
                instance.awaitReady();
                doors.add(GroupSenders.door(instance.launch().address()));
            }
        } catch (IOException | InterruptedException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Where they listen. */
    List<Integer> ports() {
        return all.stream()
                .map(instance -> instance.launch().address().getPort())
                .toList();
    }

    /** A client of each of them, which ends with it. */
    List<ServerApi> doors() {
        return List.copyOf(doors);
    }

    /** The sum of counter {@code name} over all of them. */
    double counter(String name) throws IOException, InterruptedException {
        double sum = 0;
        for (ServerApi door : doors) {
            sum += door.send("GET", "/metrics", null, null)
                    .response()
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
        return sum;
    }

    /** The processor time that all of them have used. */
    Duration processorTime() {
        return all.stream().map(ServerProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    /** Ends them, all at once. */
    @Override
    public void close() {
        all.parallelStream().forEach(ServerProgram::end);
        doors.forEach(ServerApi::close);
    }
}
