package dev.tutti.faults.presence;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.TextSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO connection that does nothing but be there: the few packets that this takes, over a WebSocket. The official
 * client has one thread for all its connections, and would not say to the millisecond when one begins and ends.
 */
final class PresenceConnection implements TextSocket.TextListener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String PATH = "/socket.io/?EIO=4&transport=websocket";
    private static final String OPEN = "0";
    private static final String CLOSE = "1";
    private static final String PING = "2";
    private static final String PONG = "3";
    private static final String CONNECT = "40";
    private static final String DISCONNECT = "41";
    private static final String REFUSED = "44";

    private final String token;
    private final CompletableFuture<@Nullable Void> connected = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final TextSocket socket;

    private PresenceConnection(Api api, URI address, Account account) throws IOException, InterruptedException {
        token = account.token();
        socket = api.webSocket(address.resolve(PATH), null, PATIENCE, this);
    }

    /**
     * Connects; blocks for at most four seconds.
     *
     * @throws IOException if that is not possible
     */
    static PresenceConnection begin(Api api, URI address, Account account) throws IOException, InterruptedException {
        PresenceConnection connection = new PresenceConnection(api, address, account);
        try {
            connection.connected.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return connection;
        } catch (ExecutionException | TimeoutException failure) {
            connection.socket.close();
            throw new IOException("cannot connect to " + address + PATH, failure);
        }
    }

    /** Whether it is over, after waiting for that for at most {@code time}. */
    boolean hasEndedWithin(Duration time) throws InterruptedException {
        return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says goodbye, if that is not over yet. Does not wait. */
    @Override
    public void close() {
        socket.say(DISCONNECT);
        socket.say(CLOSE);
    }

    @Override
    public void onText(TextSocket from, String packet) {
        if (packet.startsWith(OPEN)) {
            from.say(CONNECT + "{\"token\":\"" + token + "\"}");
        } else if (packet.startsWith(CONNECT)) {
            connected.complete(null);
        } else if (packet.equals(PING)) {
            from.say(PONG);
        } else if (packet.startsWith(DISCONNECT) || packet.startsWith(REFUSED)) {
            onEnd(packet);
        } // events do not matter here
    }

    @Override
    public void onEnd(String why) {
        connected.completeExceptionally(new IOException(why));
        ended.countDown();
    }
}
