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
            "Client connections of this process, of which those without a login leave a tenth to the others. The next one is"
                    + " refused with 503 instance_full. The process needs more open files than that (ulimit -n); where it has"
                    + " fewer, the bound is lower, which the start says.");

    public static final Setting<Integer> ADDRESS_SHARE = Setting.open(
            "TUTTI_ADDRESS_SHARE",
            LIMITS,
            Type.whole(1, 100),
            "50",
            "How much of the connections, of the requests at a time and of what is being received one network address may"
                    + " have before anybody there has logged in, and one account afterwards, in percent, while nobody else"
                    + " asks. An IPv6 address counts as its /64; all /64s of a /48 together may have somewhat more, two thirds"
                    + " where one has half. 100: no limit. Behind a balancer set TUTTI_TRUSTED_PROXIES.");

    public static final Setting<Integer> MAX_MESSAGE_BYTES = Setting.open(
            "TUTTI_MAX_MESSAGE_BYTES",
            LIMITS,
            Type.bytes(256, 64 << 20),
            "1m",
            "The largest message or request body that a client may send.");

    public static final Setting<Boolean> WEBSOCKET_COMPRESSION = Setting.open(
            "TUTTI_WEBSOCKET_COMPRESSION",
            LIMITS,
            Type.bool(),
            "false",
            "Whether WebSockets, those of Socket.IO too, compress messages of 1 KiB and more with clients that offer it"
                    + " (permessage-deflate). Saves bandwidth, costs CPU. TUTTI_MAX_MESSAGE_BYTES holds for the inflated message.");

    public static final Setting<Duration> PING_INTERVAL = Setting.open(
            "TUTTI_PING_INTERVAL",
            LIMITS,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "25s",
            "How often each connection is asked whether its client is there. Shorter than what a load balancer lets a"
                    + " connection be silent.");

    public static final Setting<Integer> MESSAGE_RATE = Setting.open(
            "TUTTI_MESSAGE_RATE",
            LIMITS,
            Type.whole(1, 1_000_000),
            "100",
            "Messages per second that one connection may send in the long run, and 40 KiB for each.");

    public static final Setting<Integer> MESSAGE_BURST = Setting.open(
            "TUTTI_MESSAGE_BURST",
            LIMITS,
            Type.whole(1, 1_000_000),
            "200",
            "Messages that one connection may send at once.");

    public static final Setting<Integer> QUEUE_BYTES = Setting.open(
            "TUTTI_QUEUE_BYTES",
            LIMITS,
            Type.bytes(64 << 10, 256 << 20),
            "1m",
            "The bytes that may wait for one connection that reads slowly. Durable events wait in the log instead, ephemeral ones"
                    + " are dropped; a connection that has this much waiting all the same is closed with slow_consumer.");

    private ClientSettings() {}
}
