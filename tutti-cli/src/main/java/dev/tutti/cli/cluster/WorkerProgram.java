package dev.tutti.cli.cluster;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.EnvFile;
import dev.tutti.server.config.LogSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.Setting;
import dev.tutti.server.config.Settings;
import dev.tutti.server.config.WorkSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The program of a worker: it is started as {@code tutti run}, on the Java and with the options that this process has, with its settings
 * in environment variables. Safe for use by many threads.
 */
final class WorkerProgram {
    private static final String MAIN = "dev.tutti.cli.Main";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

    /**
     * Long enough to bring the tables up to date: a statement of a migration may take an hour, and an instance waits ten minutes for
     * another one that migrates.
     */
    private static final Duration FIRST_START = Duration.ofHours(2);

    /** Long enough for a balancer to notice that the worker is leaving: HAProxy asks every half second. */
    private static final String DRAIN_DELAY = "1500ms";

    /** The address whose X-Forwarded-For the workers believe: the balancer's, and so that of those before it. */
    private static final String BALANCER = "127.0.0.1";

    /** The options of a JVM that say how large its heap may become. */
    private static final List<String> HEAP_BOUNDS = List.of("-Xmx", "-XX:MaxHeapSize=", "-XX:MaxRAMPercentage=");

    /** The heaps' share of the machine's memory, in percent; direct memory may take as much again. */
    private static final double ALL_HEAPS = 50;

    /** The share of one heap at most, in percent, as a JVM has it that nobody tells otherwise. */
    private static final double ONE_HEAP = 25;

    private final HttpClient http;
    private final int workers;
    private final boolean answersClients;
    private final Map<String, String> environment;

    /**
     * Workers with the settings of {@code configuration}, of which {@code own} replaces some.
     *
     * @param workers how many there are, which divide the machine's memory
     * @param http asks them whether they are ready
     */
    WorkerProgram(Configuration configuration, Map<String, String> own, int workers, HttpClient http) {
        this.http = http;
        this.workers = workers;
        this.answersClients = configuration.value(WorkSettings.APP_MODE).answersClients();
        Map<String, String> all = new HashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            Configuration.Entry entry = configuration.entry(setting);
            if (!entry.from().equals("default") && !isReadAgain(setting, entry)) {
                all.put(setting.name(), entry.text());
            }
        }
        all.remove(ServerSettings.OPERATOR_PORT.name()); // each has its own
        all.putIfAbsent(ServerSettings.DRAIN_DELAY.name(), DRAIN_DELAY);
        all.merge(ServerSettings.TRUSTED_PROXIES.name(), BALANCER, (others, ours) -> others + "," + ours);
        all.putIfAbsent(ServerSettings.TRUSTED_PROXIES.name(), "127.0.0.1,::1");
        all.putAll(own);
        environment = Map.copyOf(all);
    }

    /** The program of worker {@code name} at {@code address}, with health and metrics at {@code operatorPort} if there is one. */
    SupervisedProgram at(String name, Address address, Optional<Integer> operatorPort) {
        Map<String, String> whole = new HashMap<>(environment);
        whole.put(ServerSettings.HOST.name(), address.host());
        whole.put(ServerSettings.PORT.name(), Integer.toString(address.port()));
        whole.put(ServerSettings.INSTANCE_ID.name(), name);
        operatorPort.ifPresent(port -> whole.put(ServerSettings.OPERATOR_PORT.name(), Integer.toString(port)));
        Address health = new Address(address.host(), operatorPort.orElse(address.port()));
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://" + health + "/health/ready"))
                .timeout(ANSWER_LIMIT)
                .build();
        Path here = Path.of("").toAbsolutePath();
        Address listens = answersClients ? address : health; // without clients it has one port
        return new SupervisedProgram(
                name, command(), whole, here, listens, health, Signal.TERM, FIRST_START, () -> isReady(ready));
    }

    /** Whether a worker reads it by itself, at SIGHUP again, which a variable of its environment would prevent. */
    private static boolean isReadAgain(Setting<?> setting, Configuration.Entry entry) {
        return setting.name().equals(LogSettings.LOG_LEVEL.name())
                && entry.from().equals(EnvFile.USUAL);
    }

    private boolean isReady(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The option that bounds the heap of each of {@code workers}, unless one of {@code arguments} does. */
    static Optional<String> heapBound(List<String> arguments, int workers) {
        boolean chosen =
                arguments.stream().anyMatch(argument -> HEAP_BOUNDS.stream().anyMatch(argument::startsWith));
        return chosen
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT, "-XX:MaxRAMPercentage=%.2f", Math.min(ONE_HEAP, ALL_HEAPS / workers)));
    }

    private List<String> command() {
        List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        heapBound(arguments, workers).ifPresent(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "run", "--worker"));
        return command;
    }
}
