package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Gives commands to the cluster that runs with its data in a directory, from another process. Blocks. */
public final class ClusterControl {
    /** Longer than a worker takes to leave and to come back. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final Path data;

    /** For the cluster with its data in {@code data}. */
    public ClusterControl(Path data) {
        this.data = data;
    }

    /**
     * Has it do {@code command}, and passes on what it tells of it.
     *
     * @throws TuttiException if none is running there, or it cannot do that
     */
    public void ask(String command, Consumer<String> tell) {
        try {
            ControlFile control = ControlFile.read(ControlFile.in(LocalCluster.directory(data)))
                    .orElseThrow(this::notRunning);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), control.port())) {
                socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
                converse(socket, control.token() + " " + command, tell);
            }
        } catch (IOException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the cluster in " + data + " does not answer: " + failure.getMessage(),
                    failure);
        }
    }

    private static void converse(Socket socket, String request, Consumer<String> tell) throws IOException {
        PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        out.print(request + "\n");
        out.flush();
        while (true) {
            String line = Optional.ofNullable(in.readLine())
                    .orElseThrow(() -> new IOException("it ended in the middle of its answer"));
            if (line.equals("done")) {
                return;
            }
            if (line.startsWith("failed ")) {
                throw new TuttiException(ErrorCode.CONFLICT, line.substring("failed ".length()));
            }
            tell.accept(line.replaceFirst("^line ", ""));
        }
    }

    private TuttiException notRunning() {
        return new TuttiException(
                ErrorCode.NOT_FOUND,
                "no cluster runs with its data in " + data + "; start one with ./tutti cluster, or say where it is with"
                        + " TUTTI_DATA_DIR");
    }
}
