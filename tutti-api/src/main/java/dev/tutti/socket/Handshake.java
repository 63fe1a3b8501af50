package dev.tutti.socket;

import java.util.Map;

/**
 * The address of a client, and the headers, query and credentials that it sent when it connected.
 *
 * @param address the client's network address
 * @param headers the HTTP request's headers: names in lower case, several values joined by commas, cookies as sent
 * @param query the request's query parameters, the first of each name
 * @param auth the Socket.IO {@code auth} payload, or the plain WebSocket's {@code auth} object; empty if there is none
 */
public record Handshake(
        String address, Map<String, String> headers, Map<String, String> query, Map<String, Object> auth) {
    public Handshake {
        headers = Map.copyOf(headers);
        query = Map.copyOf(query);
    }
}
