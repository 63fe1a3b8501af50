package dev.tutti.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The address of Redis, with the user, as in {@code REDIS_URL}.
 *
 * @param kind the kind of processes at the hosts
 * @param tls whether connections are encrypted, and certificates checked
 * @param hosts one server, or a few of the Sentinels or of the cluster's nodes; one of them must answer at the start
 * @param user the user; empty for the default user of Redis
 * @param password the password; empty for none. With Sentinel it is the password of the servers; Sentinels are asked without one
 * @param database the number of the database, 0 or more. It makes no difference to the bus, but connecting fails if there is no such database
 * @param master the name that Sentinel has for the master; empty without Sentinel
 */
public record RedisAddress(
        Kind kind, boolean tls, List<Host> hosts, String user, String password, int database, String master) {
    /** The kind of process that listens at the hosts. */
    public enum Kind {
        /** One server. */
        SERVER,
        /** Sentinels, which know the master. */
        SENTINEL,
        /** Nodes of a cluster. */
        CLUSTER
    }

    /**
     * The host and port of a process.
     *
     * @param name the name or address of the host; IPv6 without brackets
     * @param port 1 to 65,535
     */
    public record Host(String name, int port) {
        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    private static final Pattern FORM = Pattern.compile("redis(s)?(?:-(sentinel|cluster))?://"
            + "(?:([^:@/#]*)(?::([^@/#]*))?@)?([^/@#?]+)(?:/([0-9]{0,5}))?(?:#([^#]+))?");
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");
    private static final int PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    public RedisAddress {
        hosts = List.copyOf(hosts);
    }

    /**
     * Reads {@code redis://user:password@host:port/database}, or with {@code rediss} for TLS; {@code
     * redis-sentinel://host,host/database#master}; or {@code redis-cluster://host,host}. User and password are percent-encoded. A text
     * without a colon before the {@code @} is only a password.
     *
     * @throws IllegalArgumentException if the text has none of these forms; the message does not repeat it, because it may contain a password
     */
    public static RedisAddress parse(String url) {
        Matcher parts = FORM.matcher(url.strip());
        if (!parts.matches()) {
            throw refused("it is not of that form");
        }
        Kind kind = switch (parts.group(2)) {
            case "sentinel" -> Kind.SENTINEL;
            case "cluster" -> Kind.CLUSTER;
            case null, default -> Kind.SERVER;
        };
        List<Host> hosts = new ArrayList<>();
        for (String host : parts.group(5).split(",", -1)) {
            hosts.add(host(host, kind == Kind.SENTINEL ? SENTINEL_PORT : PORT));
        }
        String master = decode(parts.group(7));
        if (kind == Kind.SERVER && hosts.size() > 1) {
            throw refused("more than one host needs redis-sentinel or redis-cluster");
        }
        if ((kind == Kind.SENTINEL) == master.isEmpty()) {
            throw refused("redis-sentinel, and no other, ends with # and the name of the master");
        }
        boolean passwordAlone = parts.group(4) == null;
        String database = parts.group(6);
        return new RedisAddress(
                kind,
                parts.group(1) != null,
                hosts,
                passwordAlone ? "" : decode(parts.group(3)),
                decode(passwordAlone ? parts.group(3) : parts.group(4)),
                database == null || database.isEmpty() ? 0 : Integer.parseInt(database),
                master);
    }

    private static Host host(String text, int defaultPort) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            throw refused("a host in it is not host or host:port");
        }
        int port = host.group(2) == null ? defaultPort : Integer.parseInt(host.group(2));
        if (port < 1 || port > 65_535) {
            throw refused("a port in it is not 1 to 65535");
        }
        return new Host(host.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    private static String decode(@Nullable String text) {
        try {
            // a plus is a plus: this is no form
            return text == null ? "" : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("a percent sign in it does not begin an encoded byte");
        }
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("REDIS_URL: " + why
                + "; allowed are redis://user:password@host:port/database, rediss://…, redis-sentinel://host,host#master"
                + " and redis-cluster://host,host");
    }

    /** The URI by which the server is found: the one of a {@link Kind#SERVER}, or the master that Sentinel names. */
    RedisURI server() {
        if (kind != Kind.SENTINEL) {
            return at(hosts.getFirst());
        }
        Host first = hosts.getFirst();
        RedisURI.Builder sentinels = RedisURI.Builder.sentinel(first.name(), first.port(), master);
        hosts.stream().skip(1).forEach(host -> sentinels.withSentinel(host.name(), host.port()));
        return authenticated(sentinels);
    }

    /** One node of a cluster. */
    RedisURI at(Host host) {
        return authenticated(RedisURI.Builder.redis(host.name(), host.port()));
    }

    /**
     * The credentials are given as static ones. Otherwise Lettuce asks for them on another thread, and the end of a refused connection can
     * overtake the reason for the refusal.
     */
    private RedisURI authenticated(RedisURI.Builder uri) {
        if (!user.isEmpty() || !password.isEmpty()) {
            uri.withAuthentication(new StaticCredentialsProvider(user.isEmpty() ? null : user, password.toCharArray()));
        }
        return uri.withSsl(tls).withDatabase(database).build();
    }

    /** The address without user and password. */
    @Override
    public String toString() {
        String scheme = (tls ? "rediss" : "redis")
                + switch (kind) {
                    case SERVER -> "";
                    case SENTINEL -> "-sentinel";
                    case CLUSTER -> "-cluster";
                };
        return scheme + "://" + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
                + (database == 0 ? "" : "/" + database) + (master.isEmpty() ? "" : "#" + master);
    }
}
