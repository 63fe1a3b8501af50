package dev.tutti.bench.subject;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.TemporaryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program on Node to compare with: installed by npm into a temporary directory, and deleted at the end. */
public final class Peer implements AutoCloseable {
    private static final String SOCKET_IO = "socket.io@4.8";
    private static final String GRAPHILE_WORKER = "graphile-worker@0.17.3"; // 0.18 does not run on Node 20
    private static final long INSTALL_MINUTES = 3;

    /**
     * The peer, ready to be started.
     *
     * @param name for the table
     * @param directory where it is
     * @param script what Node runs there
     */
    public record Installed(String name, TemporaryDirectory directory, String script) {
        /** A process that obeys commands as our own do. */
        public Child start(String... arguments) {
            return start(Map.of(), arguments);
        }

        /** As {@link #start(String...)}, with more variables in its environment, which unlike arguments nobody else can read. */
        public Child start(Map<String, String> environment, String... arguments) {
            return Child.program(
                    directory.path(),
                    environment,
                    Stream.concat(Stream.of("node", script), Stream.of(arguments))
                            .toArray(String[]::new));
        }
    }

    private final Optional<Installed> installed;

    private Peer(Optional<Installed> installed) {
        this.installed = installed;
    }

    /** No peer. */
    public static Peer none() {
        return new Peer(Optional.empty());
    }

    /** Installs Socket.IO's own server with {@code adapters} beside it, or says on {@code out} why there is none. */
    public static Peer socketIo(PrintWriter out, String... adapters) {
        List<String> packages =
                Stream.concat(Stream.of(SOCKET_IO), Stream.of(adapters)).toList();
        return install(out, "peer: Socket.IO 4.8, Node", "peer.mjs", packages);
    }

    /** Installs graphile-worker, or says on {@code out} why there is none. */
    public static Peer graphileWorker(PrintWriter out) {
        return install(out, "peer: graphile-worker 0.17, Node", "graphile.mjs", List.of(GRAPHILE_WORKER));
    }

    private static Peer install(PrintWriter out, String name, String script, List<String> packages) {
        List<String> install = new ArrayList<>(List.of("npm", "install", "--silent", "--no-audit", "--no-fund"));
        install.addAll(packages);
        try {
            TemporaryDirectory directory = new TemporaryDirectory("peer");
            Peer peer = new Peer(Optional.of(new Installed(name, directory, script)));
            if (succeeds(directory.path(), "node", "--version")
                    && succeeds(directory.path(), install.toArray(String[]::new))) {
                try (InputStream source = Peer.class.getResourceAsStream(script)) {
                    if (source == null) {
                        throw new BenchException(script + " is missing from the class path");
                    }
                    Files.copy(source, directory.path().resolve(script));
                }
                return peer;
            }
            peer.close();
            out.println("no peer: node is not there, or npm could not install " + packages);
            return none();
        } catch (IOException failure) {
            throw new BenchException("cannot install the peer", failure);
        }
    }

    public Optional<Installed> installed() {
        return installed;
    }

    private static boolean succeeds(Path directory, String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .directory(directory.toFile())
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            return false;
        }
        try {
            boolean ended = process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
            return ended && process.exitValue() == 0;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Deletes it. */
    @Override
    public void close() {
        installed.ifPresent(it -> it.directory().close());
    }
}
