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
            "The TCP port for HTTP, WebSocket and Socket.IO. 0: any free port; the log says which.");

    public static final Setting<String> HOST = Setting.open(
            "HOST",
            SERVER,
            Type.text("a host name or address", "[A-Za-z0-9._:%-]{1,255}"),
            "127.0.0.1",
            "The address on which the server listens. 0.0.0.0 makes the server reachable from other machines.");

    public static final Setting<Optional<String>> INSTANCE_ID = Setting.open(
            "INSTANCE_ID",
            SERVER,
            Type.optional(Type.text("1 to 64 of A-Z a-z 0-9 . _ -", "[A-Za-z0-9._-]{1,64}")),
            "",
            "The name of this process in the header X-Instance-Id, in log lines and in metrics. The names of all"
                    + " processes must differ. Not set: the host name, the process id and a random part.");

    public static final Setting<List<String>> CORS_ORIGINS = Setting.open(
            "CORS_ORIGINS",
            SERVER,
            Type.list(Type.text(
                    "* or origins such as https://app.example.com, https://*.example.com or capacitor://localhost",
                    "\\*|[A-Za-z][A-Za-z0-9+.-]{0,30}://(\\*\\.)?[A-Za-z0-9._\\[\\]:-]{1,255}/?")),
            "",
            "Other origins whose pages may use this server from a browser. An origin may have any scheme."
                    + " https://*.example.com matches all hosts below example.com, and * matches all origins. A request"
                    + " with cookies that changes something or opens a WebSocket is accepted from another origin only"
                    + " if the list names or matches that origin; * does not count for this. Not set: the server's own"
                    + " pages only.");

    public static final Setting<Optional<Integer>> OPERATOR_PORT = Setting.open(
            "TUTTI_OPERATOR_PORT",
            SERVER,
            Type.unlessOfKubernetes(Type.optional(Type.whole(0, 65_535))),
            "",
            "A separate TCP port for /health, /health/live, /health/ready, /api/health and /metrics. PORT then no"
                    + " longer has these routes. 0: any free port. The workers of ./tutti cluster have the routes on"
                    + " 127.0.0.1: the first worker at this port, each next worker at the next port. Not set: the"
                    + " routes are on PORT.");

    public static final Setting<List<String>> TRUSTED_PROXIES = Setting.open(
            "TUTTI_TRUSTED_PROXIES",
            SERVER,
            Type.list(Type.text("addresses or networks such as 10.0.0.0/8", "[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?")),
            "",
            "The load balancers in front of this server. The server trusts their header X-Forwarded-For, so that limits"
                    + " per address count the addresses of clients and not that of the balancer. Not set: the header is"
                    + " ignored.");

    public static final Setting<Duration> SHUTDOWN_BUDGET = Setting.open(
            "TUTTI_SHUTDOWN_BUDGET",
            SERVER,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "30s",
            "The most time that a shutdown may take after SIGTERM or SIGINT, including requests in flight. A program"
                    + " that ends the process from outside must wait longer.");

    public static final Setting<Duration> DRAIN_DELAY = Setting.open(
            "TUTTI_DRAIN_DELAY",
            SERVER,
            Type.duration(Duration.ZERO, Duration.ofMinutes(5)),
            "0s",
            "The time at the beginning of a shutdown in which /health/ready returns 503, and everything else works as"
                    + " before. Behind a load balancer it should be a little longer than the interval of the balancer's"
                    + " checks. It is a part of TUTTI_SHUTDOWN_BUDGET, and at most as long. 0s: the server begins at"
                    + " once to close connections.");

    public static final Setting<Integer> RECONNECT_RATE = Setting.open(
            "TUTTI_RECONNECT_RATE",
            SERVER,
            Type.whole(1, 1_000_000),
            "200",
            "The number of clients per second that each other instance takes over when an instance leaves. The instance"
                    + " that leaves closes its connections no faster than this, unless they would then take more than a"
                    + " quarter of TUTTI_SHUTDOWN_BUDGET.");

    private ServerSettings() {}

    /** Contradictions between values that can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        return ConfigurationError.unlessAtMost(values, DRAIN_DELAY, SHUTDOWN_BUDGET).stream()
                .toList();
    }
}
