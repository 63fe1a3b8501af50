package dev.tutti.socketio.engineio;

import dev.tutti.protocol.ProtocolException;
import io.netty.channel.EventLoop;
import java.util.List;

/** One request of a polling client, wherever it came to this cluster. It is answered once, from any thread. */
sealed interface EngineRequest permits DirectRequest, ForwardedRequest {
    /** The reasons to refuse a request, as Engine.IO calls them. */
    enum Refusal {
        /** A transport that is not known. */
        TRANSPORT_UNKNOWN(0, "Transport unknown"),
        /** A session that is not, or no more. */
        SESSION_UNKNOWN(1, "Session ID unknown"),
        /** A session must begin with GET. */
        BAD_METHOD(2, "Bad handshake method"),
        /** Anything else that does not fit. */
        BAD_REQUEST(3, "Bad request"),
        /** A page of another site that is not allowed to use the user's cookies. */
        FORBIDDEN(4, "Forbidden"),
        /** An older or newer Engine.IO. */
        UNSUPPORTED_VERSION(5, "Unsupported protocol version");

        private final int number;
        private final String text;

        Refusal(int number, String text) {
            this.number = number;
            this.text = text;
        }

        /**
         * The one with {@code number}.
         *
         * @throws ProtocolException if there is none
         */
        static Refusal of(int number) {
            for (Refusal refusal : values()) {
                if (refusal.number == number) {
                    return refusal;
                }
            }
            throw new ProtocolException("expected the number of a refusal, got " + number);
        }

        int number() {
            return number;
        }

        int status() {
            return this == FORBIDDEN ? 403 : 400;
        }

        /** The body that tells it, as the reference implementation writes it. */
        String json() {
            return "{\"code\":" + number + ",\"message\":\"" + text + "\"}";
        }
    }

    /** The client's name for the request, so that it is known when it comes again; empty if it has no such name. */
    String id();

    /**
     * 200, with packets in their polling form. Runs {@code written} on {@code session}, the loop of a session, when they are
     * on their way to the client; if they are not, the tasks of {@link #atEnd}. Unless {@code confirm}, they are taken to be. Runs
     * {@code taken} there when they take no memory of this instance any more, whatever their outcome.
     */
    void payload(List<byte[]> parts, boolean confirm, EventLoop session, Runnable written, Runnable taken);

    /** There is nothing to answer it with yet: it waits, and ends with its client. */
    void waits();

    /** Nobody waits for more to be known of it. */
    void settle();

    /** 200, with what Engine.IO says to a request that brought packets. */
    void ok();

    /** {@link Refusal#status}, with {@link Refusal#json}. */
    void refuse(Refusal refusal);

    /**
     * Runs {@code task} on {@code session}, the loop of a session, when the client has gone without an answer; perhaps as
     * well when it has one.
     */
    void atEnd(EventLoop session, Runnable task);
}
