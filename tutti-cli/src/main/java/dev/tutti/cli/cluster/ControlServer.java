package dev.tutti.cli.cluster;

import dev.tutti.TuttiException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes commands for a running cluster on a loopback port: one line {@code token command argument}, answered by lines that
 * begin with {@code line}, and at last {@code done} or {@code failed}. Each connection has a virtual thread, and there are
 * at most {@value #MOST} at a time.
 */
final class ControlServer implements AutoCloseable {
    /** Carries commands out. */
    interface Commands {
        /**
         * Does what {@code words} say, and tells of it.
         *
         * @throws TuttiException if that is not possible
         */
        void run(List<String> words, Consumer<String> tell) throws InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
    private static final int MOST = 8;
    private static final int LONGEST_LINE = 200;
    private static final int READ_MILLIS = 5_000;
    private static final int TOKEN_BYTES = 24;

    private final Path file;
    private final Commands commands;
    private final String token;
    private final ServerSocket listening;
    private final Semaphore places = new Semaphore(MOST);

    private ControlServer(Path file, Commands commands, String token, ServerSocket listening) {
        this.file = file;
        this.commands = commands;
        this.token = token;
        this.listening = listening;
    }

    /** Begins to listen, and says where in {@code file}. */
    static ControlServer start(Path file, Commands commands) throws IOException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        ServerSocket listening = new ServerSocket(0, MOST, InetAddress.getLoopbackAddress());
        ControlServer server = new ControlServer(file, commands, token, listening);
        ProcessRegistry.Entry self = ProcessRegistry.Entry.of("cluster", ProcessHandle.current());
        new ControlFile(listening.getLocalPort(), token, self).write(file);
        Thread.ofVirtual().name("control").start(server::accept);
        return server;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                if (places.tryAcquire()) {
                    Thread.ofVirtual().name("control-connection").start(() -> serve(socket));
                } else {
                    socket.close();
                }
            } catch (IOException closedOrAborted) {
                log.debug("No connection", closedOrAborted);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), LONGEST_LINE);
                PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
            socket.setSoTimeout(READ_MILLIS);
            List<String> words = List.of(line(in).split(" "));
            if (!isToken(words.getFirst())) {
                out.println("failed not the token of this cluster");
                return;
            }
            out.println(answer(words.subList(1, words.size()), text -> out.println("line " + text)));
        } catch (IOException gone) {
            log.debug("A control connection broke", gone);
        } finally {
            places.release();
        }
    }

    private String answer(List<String> words, Consumer<String> tell) {
        try {
            commands.run(words, tell);
            return "done";
        } catch (TuttiException refused) {
            return "failed " + refused.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "failed the cluster is stopping";
        }
    }

    private boolean isToken(String word) {
        return MessageDigest.isEqual(word.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static String line(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " characters");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        Files.deleteIfExists(file);
    }
}
