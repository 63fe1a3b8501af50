package dev.tutti.cli.proof.file;

import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.QuickJvm;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** An S3Proxy on loopback, which speaks the protocol of S3 over a directory and checks signatures, with one bucket. One thread's. */
final class S3Process implements AutoCloseable {
    static final String BUCKET = "bucket";
    static final String KEY = "tutti";
    static final String SECRET = "a-secret-of-s3";
    private static final String LOG = "<configuration><root level=\"OFF\"/></configuration>";

    private final Process process;
    private final URI address;

    private S3Process(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    static S3Process start(Path directory) throws IOException {
        int port = Ports.free();
        Files.createDirectories(directory.resolve(BUCKET));
        Path configuration =
                Files.writeString(directory.resolve("s3proxy.conf"), """
                s3proxy.endpoint=http://127.0.0.1:%d
                s3proxy.authorization=aws-v2-or-v4
                s3proxy.identity=%s
                s3proxy.credential=%s
                jclouds.provider=filesystem-nio2
                jclouds.identity=local
                jclouds.credential=local
                jclouds.filesystem.basedir=%s
                """.formatted(port, KEY, SECRET, directory));
        String classes = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("classes"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(QuickJvm.command());
        command.addAll(List.of(
                "-Dlogback.configurationFile=" + Files.writeString(directory.resolve("logback.xml"), LOG),
                "-cp",
                classes,
                "org.gaul.s3proxy.Main",
                "--properties",
                configuration.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile())
                .start();
        S3Process server = new S3Process(process, URI.create("http://127.0.0.1:" + port));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive() || listens(port));
        return server;
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    URI address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
