package dev.tutti;

import java.util.Locale;

/**
 * Every error that Tutti tells a client, with a number and a name that never change.
 *
 * <p>The number lies in the range that RFC 6455, section 7.4.2 leaves to applications, so that it serves as WebSocket
 * close code as it is; its range tells the client what to do next, see {@link Retry}. Over HTTP the same error has the
 * given status, and its {@link #text()} in the body.
 */
public enum ErrorCode {
    /** This instance is leaving; another one takes the client at once. */
    GOING_AWAY(4000, 503),
    /** The client read too slowly and its queue reached the hard bound; it resumes from the log. */
    SLOW_CONSUMER(4001, 503),
    /** The client was silent for longer than the ping time-out. */
    PING_TIMEOUT(4002, 408),
    /** This instance has as many connections as it may; try another one. */
    INSTANCE_FULL(4003, 503),

    /** More requests than the limit allows. */
    RATE_LIMITED(4100, 429),
    /** A dependency, in general the database, is away; if it was lost meanwhile, what was asked may have been done. */
    UNAVAILABLE(4101, 503),
    /** A bounded queue of this instance is full; nothing was done. */
    OVERLOADED(4102, 503),
    /** The answer did not come in time; what was asked may have been done. */
    TIMEOUT(4103, 504),
    /** A defect in the server; it is in its log under the same moment. */
    INTERNAL(4104, 500),
    /** The account has used up what it may have for a day. */
    QUOTA_EXCEEDED(4105, 429),

    /** The request cannot be understood. */
    BAD_REQUEST(4200, 400),
    /** No valid credentials. */
    UNAUTHENTICATED(4201, 401),
    /** Valid credentials that do not allow this. */
    FORBIDDEN(4202, 403),
    /** There is no such thing, or none that this client may see. */
    NOT_FOUND(4203, 404),
    /** The message, header or name is larger than allowed. */
    TOO_LARGE(4204, 413),
    /** The request contradicts what is there, for example a name that is taken. */
    CONFLICT(4205, 409),
    /** The bytes do not follow the protocol. */
    PROTOCOL_ERROR(4206, 400),
    /** The access token has run out; a refreshed one is accepted. */
    TOKEN_EXPIRED(4207, 401),
    /** More subscriptions, rooms or members than one client may have. */
    LIMIT_REACHED(4208, 409),
    /** The media type, method or protocol version is not one that is spoken here, or the instance's backends cannot do it. */
    UNSUPPORTED(4209, 415),
    /** There is such a path, but not with this method. */
    METHOD_NOT_ALLOWED(4210, 405),
    /** The session was ended, by its user or by an operator. */
    SESSION_REVOKED(4211, 401),
    /** The lease under which this was to be done is somebody else's by now; nothing was done. */
    LEASE_LOST(4212, 409);

    /** The reaction to an error that is expected of a client. */
    public enum Retry {
        /** Connect or ask again at once: 4000 to 4099. */
        AT_ONCE,
        /** Ask again after the time given with the error, or with growing pauses: 4100 to 4199. */
        LATER,
        /** Do not repeat it unchanged: 4200 to 4299. */
        NEVER
    }

    private final int number;
    private final int httpStatus;
    private final String text = name().toLowerCase(Locale.ROOT);

    ErrorCode(int number, int httpStatus) {
        this.number = number;
        this.httpStatus = httpStatus;
    }

    /** The number, 4000 to 4299, also used as WebSocket close code where RFC 6455 has none. */
    public int number() {
        return number;
    }

    /** The name on the wire, for example {@code rate_limited}. */
    public String text() {
        return text;
    }

    /**
     * The HTTP status that goes with this error, unless a protocol prescribes another: where a file has no such bytes that is 416, where
     * another version of tus is spoken 412.
     */
    public int httpStatus() {
        return httpStatus;
    }

    /** The reaction expected of the client, as told by the range of the number. */
    public Retry retry() {
        return switch (number / 100) {
            case 40 -> Retry.AT_ONCE;
            case 41 -> Retry.LATER;
            default -> Retry.NEVER;
        };
    }
}
