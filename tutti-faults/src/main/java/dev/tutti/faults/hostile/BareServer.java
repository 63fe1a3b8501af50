package dev.tutti.faults.hostile;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of its own that does nothing but answer: the JDK's HTTP server on loopback. The time that its answers take
 * is the machine's share of the time that those of {@code /health/live} take. {@link #close} ends it, and so does the
 * end of this process, however that comes. Safe for use by many threads.
 */
final class BareServer implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String LISTENING = "listening at port ";

    private final Process process;
    private final URI address;

    private BareServer(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts one with this process's Java, and waits until it listens.
     *
     * @param log where it writes its errors
     * @throws IOException if it ends before it listens
     */
    static BareServer start(Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command()).redirectError(log.toFile());
        Process process = builder.start();
        try {
            return new BareServer(process, URI.create("http://127.0.0.1:" + port(process, log)));
        } catch (IOException | RuntimeException failure) {
            process.destroyForcibly();
            throw failure;
        }
    }

    /** The command that starts one, which ends when its standard input does. */
    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BareServer.class.getName());
    }

    private static String port(Process process, Path log) throws IOException {
        // not closed: the process could write no more
        BufferedReader output = process.inputReader(StandardCharsets.US_ASCII);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException("the bare server has ended before it listened; see " + log);
    }

    /** Where it answers, at every path. */
    URI address() {
        return address;
    }

    /** Whether it is still there. */
    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Is the process. */
    public static void main(String... arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println(LISTENING + server.getAddress().getPort());
        long _ = System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
