package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.EncodeOnce;
import org.jspecify.annotations.Nullable;

/** The way by which a session's packets reach the client. Called on the session's event loop. */
sealed interface EngineTransport permits PollingTransport, WebSocketTransport {
    /** Whether less than the soft bound waits. */
    boolean ready();

    /** Sends message {@code from} and those behind it. A message beyond the hard bound closes the session. */
    <T> void send(EncodeOnce<T> value, TransportEncodings<T> encodings, int from, int messages);

    /** The client has joined a namespace. */
    void known();

    /** Whether it takes from the client now, as far as it is not the session that pauses it. */
    boolean isReading();

    /** Takes no more from the client until {@link #resume}. */
    void pause();

    /** Takes from the client again. */
    void resume();

    /**
     * Sends what waits, as far as that can be, and closes.
     *
     * @param code what to tell the client; null for a normal end
     */
    void close(@Nullable ErrorCode code, String message);
}
