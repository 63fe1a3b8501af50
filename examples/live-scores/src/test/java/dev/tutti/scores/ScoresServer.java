package dev.tutti.scores;

import dev.tutti.core.InstanceId;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import dev.tutti.server.wiring.Server;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.QuickJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process with a server and the example in it, which its environment configures, until SIGTERM. */
final class ScoresServer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ScoresServer() {}

    /**
     * How to start one that is called {@code name}, beside others in {@code directory} that have the same database and upstream.
     *
     * @param upstream its address
     */
    static Launch launch(Path directory, String name, EmbeddedDatabase postgres, String upstream) throws IOException {
        int port = Ports.free();
        List<String> command = new ArrayList<>(QuickJvm.command());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ScoresServer.class.getName()));
        Map<String, String> environment = Map.of(
                "HOST",
                "127.0.0.1",
                "PORT",
                Integer.toString(port),
                "INSTANCE_ID",
                name,
                "DATABASE_URL",
                postgres.url(),
                "DB_MAX_CONNECTIONS",
                "40",
                "TUTTI_DATA_DIR",
                directory.resolve("data").toString(),
                "JWT_SECRET",
                "a-secret-that-all-of-them-share-long-enough",
                "SCORES_UPSTREAM",
                upstream);
        return new Launch(
                command,
                environment,
                Files.createDirectories(directory.resolve(name)),
                URI.create("http://127.0.0.1:" + port),
                PATIENCE);
    }

    public static void main(String... arguments) throws InterruptedException {
        SettingSource environment = new SettingSource("environment", System.getenv());
        switch (Configuration.of(List.of(environment))) {
            case Configuration.Valid(Configuration configuration) -> {
                InstanceId instance = new InstanceId(System.getenv("INSTANCE_ID"));
                Server server = Server.start(configuration, instance, Application.NONE); // it is on the class path
                Runtime.getRuntime().addShutdownHook(new Thread(server::close, "leave"));
                new CountDownLatch(1).await();
            }
            case Configuration.Invalid(var mistakes) -> throw new IllegalStateException(mistakes.toString());
        }
    }
}
