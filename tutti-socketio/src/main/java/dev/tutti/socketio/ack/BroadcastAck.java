package dev.tutti.socketio.ack;

import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.socketio.wire.Body;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The acknowledgements of one message by this instance's sockets, at most {@value #MOST_BYTES} bytes. Safe for use by many threads.
 */
public final class BroadcastAck {
    static final int MOST_BYTES = 8 * 1024 * 1024;

    /**
     * The acknowledgements that have come.
     *
     * @param complete whether nothing is missing
     */
    public record Told(List<Body> bodies, boolean complete) {}

    private final Set<LocalSocket> asked = new HashSet<>();
    private final List<Body> answers = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long bytes;
    private boolean all;
    private boolean missing;

    /** {@code socket} gets the message. */
    synchronized void ask(LocalSocket socket) {
        asked.add(socket);
    }

    /** Nobody else gets it. */
    synchronized void allAsked() {
        all = true;
        doneWithLast();
    }

    /** A socket has acknowledged. */
    synchronized void answered(LocalSocket socket, Assembled assembled) {
        if (asked.remove(socket)) {
            Body body = Body.of(assembled);
            if (!assembled.oversized() && bytes + body.size() <= MOST_BYTES) {
                bytes += body.size();
                answers.add(body);
            } else {
                missing = true;
            }
            doneWithLast();
        }
    }

    /** A socket has gone. */
    synchronized void gone(LocalSocket socket) {
        if (asked.remove(socket)) {
            missing = true;
            doneWithLast();
        }
    }

    private void doneWithLast() {
        if (all && asked.isEmpty()) {
            done.complete(null);
        }
    }

    /** Completed when there is no more to come. */
    CompletableFuture<Void> done() {
        return done;
    }

    /** The acknowledgements that have come so far. */
    synchronized Told told() {
        return new Told(List.copyOf(answers), all && asked.isEmpty() && !missing);
    }
}
