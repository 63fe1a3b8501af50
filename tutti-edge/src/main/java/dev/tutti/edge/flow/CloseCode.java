package dev.tutti.edge.flow;

import dev.tutti.ErrorCode;
import dev.tutti.socket.DisconnectReason;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/**
 * The codes for the end of a WebSocket. Those of close frames are the ones of RFC 6455, section 7.4, where it has one for what
 * happened, and otherwise the numbers of {@link ErrorCode}. Stateless.
 */
final class CloseCode {
    private static final int FIRST_OF_LIBRARIES = 3000;
    private static final int LAST_OF_APPLICATIONS = 4999;

    private CloseCode() {}

    /** The code that a close frame gives for {@code code}. */
    static int of(ErrorCode code) {
        WebSocketCloseStatus standard = switch (code) {
            case PROTOCOL_ERROR -> WebSocketCloseStatus.PROTOCOL_ERROR;
            case UNSUPPORTED -> WebSocketCloseStatus.INVALID_MESSAGE_TYPE;
            case BAD_REQUEST, FORBIDDEN, LIMIT_REACHED -> WebSocketCloseStatus.POLICY_VIOLATION;
            case TOO_LARGE -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
            case INTERNAL -> WebSocketCloseStatus.INTERNAL_SERVER_ERROR;
            default -> WebSocketCloseStatus.EMPTY;
        };
        return standard.equals(WebSocketCloseStatus.EMPTY) ? code.number() : standard.code();
    }

    /** Tutti's code for a violation that a close frame names by {@code status}. */
    static ErrorCode of(WebSocketCloseStatus status) {
        return status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG) ? ErrorCode.TOO_LARGE : ErrorCode.PROTOCOL_ERROR;
    }

    /** Whether {@code code} is for what a client must not do: RFC 6455 has the connection failed then, not closed. */
    static boolean isViolation(ErrorCode code) {
        return switch (code) {
            case PROTOCOL_ERROR, UNSUPPORTED, BAD_REQUEST, FORBIDDEN, LIMIT_REACHED, TOO_LARGE -> true;
            default -> false;
        };
    }

    /** Why a connection ends that is closed with {@code code}. */
    static DisconnectReason reason(ErrorCode code) {
        return switch (code) {
            case SLOW_CONSUMER -> DisconnectReason.SLOW_CONSUMER;
            case GOING_AWAY, INSTANCE_FULL -> DisconnectReason.GOING_AWAY;
            case PING_TIMEOUT -> DisconnectReason.PING_TIMEOUT;
            case PROTOCOL_ERROR -> DisconnectReason.PROTOCOL_ERROR;
            case INTERNAL -> DisconnectReason.TRANSPORT_CLOSED;
            case TOO_LARGE, RATE_LIMITED, LIMIT_REACHED -> DisconnectReason.LIMIT;
            case TOKEN_EXPIRED, SESSION_REVOKED, UNAUTHENTICATED -> DisconnectReason.EXPIRED;
            default -> DisconnectReason.SERVER;
        };
    }

    /**
     * The code of the answer to a client's close frame: the client's code, or 1000 if it has none.
     *
     * @throws CorruptedWebSocketFrameException if its code is not one for the wire, or its reason no text
     */
    static int received(CloseWebSocketFrame frame) {
        int code = frame.statusCode();
        if (code < 0) {
            return WebSocketCloseStatus.NORMAL_CLOSURE.code();
        }
        boolean known =
                code < FIRST_OF_LIBRARIES ? WebSocketCloseStatus.isValidStatusCode(code) : code <= LAST_OF_APPLICATIONS;
        if (!known) {
            throw new CorruptedWebSocketFrameException(
                    WebSocketCloseStatus.PROTOCOL_ERROR, "a close frame may not have the code " + code);
        }
        if (!Utf8.isText(frame.content().skipBytes(Short.BYTES))) {
            throw Utf8.malformed();
        }
        return code;
    }
}
