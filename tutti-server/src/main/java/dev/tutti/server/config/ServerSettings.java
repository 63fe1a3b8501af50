package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.SERVER;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of how a server is reached and how it leaves. */
public final class ServerSettings {
    public static final Setting<Integer> PORT = Setting.open(
            "PORT",
            SERVER,
            Type.whole(0, 65_535),
            "3000",
            "The TCP port for HTTP, WebSocket and Socket.IO. 0 takes any free one and says which.");

    public static final Setting<String> HOST = Setting.open(
            "HOST",
            SERVER,
            Type.text("a host name or address", "[A-Za-z0-9._:%-]{1,255}"),
            "127.0.0.1",
            "The address to listen on. 0.0.0.0 makes the server reachable from other machines.");

    public static final Setting<Optional<String>> INSTANCE_ID = Setting.open(
            "INSTANCE_ID",
            SERVER,
            Type.optional(Type.text("1 to 64 of A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{1,64}")),
            "",
            "The name of this process in the X-Instance-Id header, in log lines and in metrics. Must differ between"
                    + " processes. Not set: host name, process id and a random part.");

    public static final Setting<List<String>> CORS_ORIGINS = Setting.open(
            "CORS_ORIGINS",
            SERVER,
            Type.list(Type.text(
                    "* or origins such as https://app.example.com, https://*.example.com or capacitor://localhost",
                    "\\*|[A-Za-z][A-Za-z0-9+.-]{0,30}://(\\*\\.)?[A-Za-z0-9._\\[\\]:-]{1,255}/?")),
            "",
            "Other origins whose pages may use this server from a browser, of any scheme; https://*.example.com are all"
                    + " hosts below example.com. A WebSocket from another origin that brings cookies needs its origin by name:"
                    + " * is not enough. Not set: its own pages only.");

    public static final Setting<Optional<Integer>> OPERATOR_PORT = Setting.open(
            "TUTTI_OPERATOR_PORT",
            SERVER,
            Type.unlessOfKubernetes(Type.optional(Type.whole(0, 65_535))),
            "",
            "A port of their own for /health, /health/live, /health/ready, /api/health and /metrics, which PORT then does"
                    + " not have any more. Not set: they are on PORT. The workers of ./tutti cluster have it on 127.0.0.1: the"
                    + " first this port, each next one port further.");

    public static final Setting<List<String>> TRUSTED_PROXIES = Setting.open(
            "TUTTI_TRUSTED_PROXIES",
            SERVER,
            Type.list(Type.text("addresses or networks such as 10.0.0.0/8", "[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?")),
            "",
            "The load balancers before this server, whose X-Forwarded-For is believed: limits per address then count the"
                    + " clients', not the balancer's. Not set: nobody's.");

    public static final Setting<Duration> SHUTDOWN_BUDGET = Setting.open(
            "TUTTI_SHUTDOWN_BUDGET",
            SERVER,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "30s",
            "How long leaving may take after SIGTERM or SIGINT, requests in flight included. Anything that ends the process"
                    + " from outside must wait longer.");

    public static final Setting<Duration> DRAIN_DELAY = Setting.open(
            "TUTTI_DRAIN_DELAY",
            SERVER,
            Type.duration(Duration.ZERO, Duration.ofMinutes(5)),
            "0s",
            "How long leaving begins with /health/ready saying 503 and everything else going on as before. Behind a load"
                    + " balancer: a little more than the interval of its checks. Part of, and less than,"
                    + " TUTTI_SHUTDOWN_BUDGET.");

    public static final Setting<Integer> RECONNECT_RATE = Setting.open(
            "TUTTI_RECONNECT_RATE",
            SERVER,
            Type.whole(1, 1_000_000),
            "200",
            "When an instance leaves: how many clients a second each of the others takes over. Connections are closed no"
                    + " faster than that, but within a quarter of TUTTI_SHUTDOWN_BUDGET.");

    private ServerSettings() {}

    /** Contradictions between values that can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        return ConfigurationError.unlessAtMost(values, DRAIN_DELAY, SHUTDOWN_BUDGET).stream()
                .toList();
    }
}
