package dev.tutti.bench.load;

import java.util.List;

/** The dialects of connections: each is what a connection says until it is ready to be measured. */
public enum Dialect {
    /** No protocol: the first byte comes back; frames may follow. */
    RAW(""),
    /** Socket.IO, connected to the default namespace. */
    SOCKET_IO("/socket.io/?EIO=4&transport=websocket"),
    /** Socket.IO, and joined the room. */
    SOCKET_IO_ROOM("/socket.io/?EIO=4&transport=websocket"),
    /** Socket.IO, and subscribed to the stream. */
    SOCKET_IO_STREAM("/socket.io/?EIO=4&transport=websocket"),
    /** The plain WebSocket protocol, greeted. */
    WS("/ws"),
    /** The plain WebSocket protocol, and subscribed to the stream. */
    WS_STREAM("/ws"),
    /** The plain WebSocket protocol, and subscribed to the durable feed. */
    WS_FEED("/ws"),
    /** The plain WebSocket protocol, and subscribed to the feed in memory. */
    WS_VOLATILE_FEED("/ws");

    /**
     * One exchange.
     *
     * @param expected how the server's next message begins
     * @param answer what the client says to it; empty for nothing
     */
    record Step(String expected, String answer) {}

    private static final Step OPENED = new Step("0{", "40");
    private static final Step GREETED = new Step("{\"op\":\"hello\"", "");

    private final String path;

    Dialect(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** The exchanges after the upgrade, the server's part first. */
    List<Step> steps() {
        return switch (this) {
            case RAW -> List.of();
            case SOCKET_IO -> List.of(OPENED, new Step("40", ""));
            case SOCKET_IO_ROOM -> List.of(OPENED, new Step("40", "420[\"room\"]"), new Step("430", ""));
            case SOCKET_IO_STREAM -> List.of(OPENED, new Step("40", "420[\"stream\"]"), new Step("430", ""));
            case WS -> List.of(GREETED);
            case WS_STREAM -> subscribed("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:bench\"}");
            case WS_FEED -> subscribed("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"feed:bench\"}");
            case WS_VOLATILE_FEED -> subscribed("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"volatile:bench\"}");
        };
    }

    private static List<Step> subscribed(String request) {
        return List.of(new Step(GREETED.expected(), request), new Step("{\"op\":\"ok\"", ""));
    }
}
