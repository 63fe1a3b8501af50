package dev.tutti.socket;

/** Why a connection ended. */
public enum DisconnectReason {
    /** The client left the namespace: its goodbye. */
    CLIENT,
    /** The client closed its connection without leaving: a closed page, a changed network. It may come back. */
    CONNECTION_CLOSED,
    /** The application said so. */
    SERVER,
    /** The transport closed without a word. */
    TRANSPORT_CLOSED,
    /** The client was silent for too long. */
    PING_TIMEOUT,
    /** The client sent what the protocol does not allow. */
    PROTOCOL_ERROR,
    /** The client read too slowly. */
    SLOW_CONSUMER,
    /** The client sent more than its rate or size limit allows. */
    LIMIT,
    /** Its principal's time ran out. */
    EXPIRED,
    /** This instance is leaving. */
    GOING_AWAY
}
