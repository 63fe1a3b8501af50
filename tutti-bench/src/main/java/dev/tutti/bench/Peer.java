package dev.tutti.bench;

import dev.tutti.bench.child.Child;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Socket.IO's own server on Node, to compare with: installed by npm into a temporary directory, and deleted at the end. */
public final class Peer implements AutoCloseable {
    private static final String SOCKET_IO = "socket.io@4.8";
    private static final long INSTALL_MINUTES = 3;

    /**
     * The peer, ready to be started.
     *
     * @param name for the table
     * @param directory where it is
     */
    public record Installed(String name, TemporaryDirectory directory) {
        /** A process that obeys the same commands as our target. */
        public Child start(String... arguments) {
            return Child.program(
                    directory.path(),
                    Stream.concat(Stream.of("node", "peer.mjs"), Stream.of(arguments))
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

    /** Installs it with {@code adapters} beside it, or says on {@code out} why there is none. */
    public static Peer install(PrintWriter out, String... adapters) {
        List<String> packages =
                Stream.concat(Stream.of(SOCKET_IO), Stream.of(adapters)).toList();
        List<String> install = new ArrayList<>(List.of("npm", "install", "--silent", "--no-audit", "--no-fund"));
        install.addAll(packages);
        try {
            TemporaryDirectory directory = new TemporaryDirectory("peer");
            Peer peer = new Peer(Optional.of(new Installed("peer: Socket.IO 4.8, Node", directory)));
            if (succeeds(directory.path(), "node", "--version")
                    && succeeds(directory.path(), install.toArray(String[]::new))) {
                try (InputStream script = Peer.class.getResourceAsStream("peer.mjs")) {
                    if (script == null) {
                        throw new BenchException("peer.mjs is missing from the class path");
                    }
                    Files.copy(script, directory.path().resolve("peer.mjs"));
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
