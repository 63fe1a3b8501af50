package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.LIMITS;

import java.time.Duration;

/** The settings of clients' connections. */
public final class ClientSettings {
    public static final Setting<Integer> MAX_CONNECTIONS = Setting.open(
            "MAX_CONNECTIONS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "10000",
            "The most client connections of this process. A tenth of them is only for clients that are logged in. A"
                    + " further connection is refused with 503 instance_full. The process must be allowed to open more"
                    + " files than this (ulimit -n); otherwise the bound is lower, and the start logs it.");

    public static final Setting<Integer> ADDRESS_SHARE = Setting.open(
            "TUTTI_ADDRESS_SHARE",
            LIMITS,
            Type.whole(1, 100),
            "50",
            "The largest share, in percent, of the connections, of the requests at a time and of the data that is being"
                    + " received, that one network address may have before a login, and one account afterwards. The"
                    + " share becomes smaller while others need theirs. An IPv6 address counts as its /64. All /64s of"
                    + " a /48 together may have somewhat more: two thirds where one may have half. 100: no limit."
                    + " Behind a load balancer TUTTI_TRUSTED_PROXIES must be set.");

    public static final Setting<Integer> MAX_MESSAGE_BYTES = Setting.open(
            "TUTTI_MAX_MESSAGE_BYTES",
            LIMITS,
            Type.bytes(256, 64 << 20),
            "1m",
            "The largest message or request body that a client may send, in bytes. TUTTI_FILE_MAX_BYTES is the limit"
                    + " for files.");

    public static final Setting<Boolean> WEBSOCKET_COMPRESSION = Setting.open(
            "TUTTI_WEBSOCKET_COMPRESSION",
            LIMITS,
            Type.bool(),
            "false",
            "true: WebSockets, including those of Socket.IO, compress messages of 1 KiB and more if the client offers"
                    + " it (permessage-deflate). This saves bandwidth, and costs CPU. TUTTI_MAX_MESSAGE_BYTES limits"
                    + " the inflated message. false: no compression.");

    public static final Setting<Duration> PING_INTERVAL = Setting.open(
            "TUTTI_PING_INTERVAL",
            LIMITS,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "25s",
            "The interval at which the server sends a ping on each connection. It must be shorter than the time for"
                    + " which a load balancer allows a connection to be silent.");

    public static final Setting<Integer> MESSAGE_RATE = Setting.open(
            "TUTTI_MESSAGE_RATE",
            LIMITS,
            Type.whole(1, 1_000_000),
            "100",
            "The number of messages per second that one connection may send in the long run. It may send 40 KiB for"
                    + " each of them.");

    public static final Setting<Integer> MESSAGE_BURST = Setting.open(
            "TUTTI_MESSAGE_BURST",
            LIMITS,
            Type.whole(1, 1_000_000),
            "200",
            "The number of messages that one connection may send at once.");

    public static final Setting<Integer> QUEUE_BYTES = Setting.open(
            "TUTTI_QUEUE_BYTES",
            LIMITS,
            Type.bytes(64 << 10, 256 << 20),
            "1m",
            "The most bytes that may wait for one connection that reads slowly. Before this bound is reached, durable"
                    + " events wait in the log, and ephemeral messages are dropped. A connection for which this many"
                    + " bytes wait is closed with slow_consumer.");

    private ClientSettings() {}
}
