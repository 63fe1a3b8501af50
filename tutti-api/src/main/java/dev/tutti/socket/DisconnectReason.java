package dev.tutti.socket;

/** Why a connection ended. */
public enum DisconnectReason {
    /** The client left the namespace. */
    CLIENT,
    /** The client closed its connection without leaving: a closed page, a changed network. It may come back. */
    CONNECTION_CLOSED,
    /** The application disconnected the socket. */
    SERVER,
    /** The transport closed unexpectedly. */
    TRANSPORT_CLOSED,
    /** The client did not answer a ping in time. */
    PING_TIMEOUT,
    /** The client violated the protocol. */
    PROTOCOL_ERROR,
    /** The client read too slowly. */
    SLOW_CONSUMER,
    /** The client sent more than its rate or size limit allows. */
    LIMIT,
    /** The socket's principal has expired. */
    EXPIRED,
    /** This instance is leaving. */
    GOING_AWAY
}
