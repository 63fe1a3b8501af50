package dev.tutti;

import java.util.Locale;

/**
 * Every error that Tutti reports to a client, with a number and a name that never change.
 *
 * <p>The number is in the range that RFC 6455, section 7.4.2 leaves to applications, so it is also a WebSocket close code. Its
 * range tells the client what to do next, see {@link Retry}. Over HTTP the same error has {@link #httpStatus()}, and its
 * {@link #text()} in the body.
 */
public enum ErrorCode {
    /** This instance is leaving; connect to another one at once. */
    GOING_AWAY(4000, 503),
    /** The client read too slowly, and its queue reached the hard bound. It can resume from the log. */
    SLOW_CONSUMER(4001, 503),
    /** The client was silent for longer than the ping time-out. */
    PING_TIMEOUT(4002, 408),
    /** This instance has all the connections that it may have; try another one. */
    INSTANCE_FULL(4003, 503),

    /** More requests than the limit allows. */
    RATE_LIMITED(4100, 429),
    /** A dependency, usually the database, is unavailable. If it was lost during the request, the request may have been executed. */
    UNAVAILABLE(4101, 503),
    /** A bounded queue of this instance is full; the request was not executed. */
    OVERLOADED(4102, 503),
    /** The answer did not come in time; the request may have been executed. */
    TIMEOUT(4103, 504),
    /** A defect in the server. The server's log has it under the incident id that the client is told. */
    INTERNAL(4104, 500),
    /** The account has used up its quota for the day. */
    QUOTA_EXCEEDED(4105, 429),

    /** The request cannot be understood. */
    BAD_REQUEST(4200, 400),
    /** No valid credentials. */
    UNAUTHENTICATED(4201, 401),
    /** The credentials are valid, but do not allow this. */
    FORBIDDEN(4202, 403),
    /** The requested item does not exist, or this client may not see it. */
    NOT_FOUND(4203, 404),
    /** The message, header or name is larger than allowed. */
    TOO_LARGE(4204, 413),
    /** The request contradicts the present state, for example because a name is taken. */
    CONFLICT(4205, 409),
    /** The bytes do not follow the protocol. */
    PROTOCOL_ERROR(4206, 400),
    /** The access token has expired; a new one is accepted. */
    TOKEN_EXPIRED(4207, 401),
    /** More subscriptions, rooms or members than one client may have. */
    LIMIT_REACHED(4208, 409),
    /** The server does not support the media type, method or protocol version, or the instance's backends cannot do this. */
    UNSUPPORTED(4209, 415),
    /** The path exists, but not with this method. */
    METHOD_NOT_ALLOWED(4210, 405),
    /** The session was ended, by its user or by an operator. */
    SESSION_REVOKED(4211, 401),
    /** The lease that is needed for this belongs to another holder by now; nothing was done. */
    LEASE_LOST(4212, 409);

    /** The reaction that is expected of a client. */
    public enum Retry {
        /** Connect or ask again at once: 4000 to 4099. */
        AT_ONCE,
        /** Ask again after the time given with the error, or with growing pauses: 4100 to 4199. */
        LATER,
        /** Do not repeat the request unchanged: 4200 to 4299. */
        NEVER
    }

    private final int number;
    private final int httpStatus;
    private final String text = name().toLowerCase(Locale.ROOT);

    ErrorCode(int number, int httpStatus) {
        this.number = number;
        this.httpStatus = httpStatus;
    }

    /** The number, 4000 to 4299. It is also the WebSocket close code if RFC 6455 has none for the reason. */
    public int number() {
        return number;
    }

    /** The name on the wire, for example {@code rate_limited}. */
    public String text() {
        return text;
    }

    /**
     * The HTTP status of this error, unless a protocol prescribes another one: 416 if a file does not have the requested bytes, 412 if the
     * client speaks another version of tus.
     */
    public int httpStatus() {
        return httpStatus;
    }

    /** The expected reaction of the client. The range of the number determines it. */
    public Retry retry() {
        return switch (number / 100) {
            case 40 -> Retry.AT_ONCE;
            case 41 -> Retry.LATER;
            default -> Retry.NEVER;
        };
    }
}
