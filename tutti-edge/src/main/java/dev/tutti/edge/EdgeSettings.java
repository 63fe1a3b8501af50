package dev.tutti.edge;

import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.edge.flow.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The settings of an edge.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 to 65,535; 0 for any that is free
 * @param eventLoops the number of threads that serve connections, at least 1
 * @param maxConnections WebSockets, event streams and polling sessions at a time, at least 1
 * @param maxRequests requests that handlers work on at a time, at least 1
 * @param sizes the largest sizes of requests and messages
 * @param times the time-outs and intervals
 * @param outbox the bounds of the bytes that may wait for a connection
 * @param messageRate the rate of messages that a connection may send
 * @param origins the origins of other sites whose pages may use this server with credentials, such as {@code https://app.example} or
 *     {@code https://*.app.example}; {@code *} for all sites, but without cookies
 * @param trustedProxies networks such as {@code 10.0.0.0/8} of load balancers whose {@code X-Forwarded-For} is trusted
 * @param admission the share that one client may take, and the bounds of the process's resources
 * @param operatorPort the port of the operator's routes, 0 for any that is free; empty if they are on {@code port}
 * @param tls the certificate of {@code port}; empty for HTTP without TLS. The operator's port has none
 * @param compression whether WebSockets may compress messages (permessage-deflate, RFC 7692) with clients that offer it
 */
public record EdgeSettings(
        String host,
        int port,
        int eventLoops,
        int maxConnections,
        int maxRequests,
        Sizes sizes,
        Times times,
        OutboxBounds outbox,
        TokenBucket.Rate messageRate,
        Set<String> origins,
        Set<String> trustedProxies,
        AdmissionSettings admission,
        OptionalInt operatorPort,
        Optional<TlsFiles> tls,
        boolean compression) {

    /** The defaults, which suit most servers: loopback, any free port. */
    public static final EdgeSettings DEFAULT = new EdgeSettings(
            "127.0.0.1",
            0,
            Runtime.getRuntime().availableProcessors(),
            10_000,
            2_000,
            Sizes.DEFAULT,
            Times.DEFAULT,
            OutboxBounds.DEFAULT,
            new TokenBucket.Rate(100, 200),
            Set.of(),
            Set.of(),
            AdmissionSettings.DEFAULT,
            OptionalInt.empty(),
            Optional.empty(),
            false);

    public EdgeSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; allowed are 0 to 65535");
        }
        atLeastOne("eventLoops", eventLoops);
        atLeastOne("maxConnections", maxConnections);
        atLeastOne("maxRequests", maxRequests);
        origins = Set.copyOf(origins);
        trustedProxies = Set.copyOf(trustedProxies);
    }

    /**
     * The largest sizes of requests and messages, in bytes, each at least 256.
     *
     * @param uri the request line
     * @param headers all headers of a request together; there may be 100 headers
     * @param message one message over a WebSocket, after inflating, and the body of one request, after unpacking; it does not bound bodies that
     *     handlers read while they arrive
     */
    public record Sizes(int uri, int headers, int message) {
        /** The defaults: 8 KiB, 16 KiB, 1 MiB. */
        public static final Sizes DEFAULT = new Sizes(8 * 1024, 16 * 1024, 1024 * 1024);

        public Sizes {
            if (Math.min(Math.min(uri, headers), message) < 256) {
                throw new IllegalArgumentException("sizes are uri " + uri + ", headers " + headers + ", message "
                        + message + " bytes; each must be at least 256");
            }
        }
    }

    /**
     * The time-outs of an edge, and the intervals of its checks; each must be positive.
     *
     * @param request from the first byte of a request until its last; a client that reads nothing of an answer is cut off after three times this
     *     time, or after this time if the answer is streamed
     * @param idle from the last answer on a connection until the connection is closed
     * @param handler from the end of a request until its handler has answered
     * @param authentication from the opening of a WebSocket until its client has sent credentials
     * @param ping between pings; a plain WebSocket on which nothing came between two pings is closed
     * @param sessionCheck between two checks for logins that have ended. A failed check is repeated after a fifth of it
     * @param certificateCheck between two checks for changes of the certificate's files
     */
    public record Times(
            Duration request,
            Duration idle,
            Duration handler,
            Duration authentication,
            Duration ping,
            Duration sessionCheck,
            Duration certificateCheck) {
        /** The defaults: 20 s, 75 s, 30 s, 10 s, 25 s, 5 s, 10 s. */
        public static final Times DEFAULT = new Times(
                Duration.ofSeconds(20),
                Duration.ofSeconds(75),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(25),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));

        public Times {
            positive("request", request);
            positive("idle", idle);
            positive("handler", handler);
            positive("authentication", authentication);
            positive("ping", ping);
            positive("sessionCheck", sessionCheck);
            positive("certificateCheck", certificateCheck);
        }

        /** The same with another time for a request to arrive. */
        public Times withRequest(Duration other) {
            return new Times(other, idle, handler, authentication, ping, sessionCheck, certificateCheck);
        }

        /** The same with another time for connections without a request. */
        public Times withIdle(Duration other) {
            return new Times(request, other, handler, authentication, ping, sessionCheck, certificateCheck);
        }

        /** The same with another time for handlers. */
        public Times withHandler(Duration other) {
            return new Times(request, idle, other, authentication, ping, sessionCheck, certificateCheck);
        }

        /** The same with another time for credentials. */
        public Times withAuthentication(Duration other) {
            return new Times(request, idle, handler, other, ping, sessionCheck, certificateCheck);
        }

        /** The same with another time between pings. */
        public Times withPing(Duration other) {
            return new Times(request, idle, handler, authentication, other, sessionCheck, certificateCheck);
        }

        /** The same with another interval of the checks for logins that have ended. */
        public Times withSessionCheck(Duration other) {
            return new Times(request, idle, handler, authentication, ping, other, certificateCheck);
        }

        /** The same with another interval of the checks for changes of the certificate's files. */
        public Times withCertificateCheck(Duration other) {
            return new Times(request, idle, handler, authentication, ping, sessionCheck, other);
        }

        private static void positive(String name, Duration time) {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("time " + name + " is " + time + "; it must be positive");
            }
        }
    }

    /** The same on another address. */
    public EdgeSettings withAddress(String otherHost, int otherPort) {
        return changed(draft -> {
            draft.host = otherHost;
            draft.port = otherPort;
        });
    }

    /** The same with another number of event loops. */
    public EdgeSettings withEventLoops(int threads) {
        return changed(draft -> draft.eventLoops = threads);
    }

    /** The same with another bound of connections. */
    public EdgeSettings withMaxConnections(int most) {
        return changed(draft -> draft.maxConnections = most);
    }

    /** The same with another bound of requests at a time. */
    public EdgeSettings withMaxRequests(int most) {
        return changed(draft -> draft.maxRequests = most);
    }

    /** The same with other sizes. */
    public EdgeSettings withSizes(Sizes others) {
        return changed(draft -> draft.sizes = others);
    }

    /** The same with other time-outs. */
    public EdgeSettings withTimes(Times others) {
        return changed(draft -> draft.times = others);
    }

    /** The same with other bounds of the bytes that may wait. */
    public EdgeSettings withOutbox(OutboxBounds bounds) {
        return changed(draft -> draft.outbox = bounds);
    }

    /** The same with another message rate. */
    public EdgeSettings withMessageRate(TokenBucket.Rate rate) {
        return changed(draft -> draft.messageRate = rate);
    }

    /** The same with other origins. */
    public EdgeSettings withOrigins(Set<String> others) {
        return changed(draft -> draft.origins = others);
    }

    /** The same with other trusted proxies. */
    public EdgeSettings withTrustedProxies(Set<String> networks) {
        return changed(draft -> draft.trustedProxies = networks);
    }

    /** The same with other settings of admission. */
    public EdgeSettings withAdmission(AdmissionSettings others) {
        return changed(draft -> draft.admission = others);
    }

    /** The same with the operator's routes on a separate port. */
    public EdgeSettings withOperatorPort(int other) {
        return changed(draft -> draft.operatorPort = OptionalInt.of(other));
    }

    /** The same with TLS. */
    public EdgeSettings withTls(TlsFiles files) {
        return changed(draft -> draft.tls = Optional.of(files));
    }

    /** The same with or without the compression of WebSocket messages. */
    public EdgeSettings withCompression(boolean whether) {
        return changed(draft -> draft.compression = whether);
    }

    private EdgeSettings changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 1");
        }
    }

    /** The same values, to be changed. */
    private static final class Draft {
        private String host;
        private int port;
        private int eventLoops;
        private int maxConnections;
        private int maxRequests;
        private Sizes sizes;
        private Times times;
        private OutboxBounds outbox;
        private TokenBucket.Rate messageRate;
        private Set<String> origins;
        private Set<String> trustedProxies;
        private AdmissionSettings admission;
        private OptionalInt operatorPort;
        private Optional<TlsFiles> tls;
        private boolean compression;

        Draft(EdgeSettings from) {
            host = from.host;
            port = from.port;
            eventLoops = from.eventLoops;
            maxConnections = from.maxConnections;
            maxRequests = from.maxRequests;
            sizes = from.sizes;
            times = from.times;
            outbox = from.outbox;
            messageRate = from.messageRate;
            origins = from.origins;
            trustedProxies = from.trustedProxies;
            admission = from.admission;
            operatorPort = from.operatorPort;
            tls = from.tls;
            compression = from.compression;
        }

        EdgeSettings settings() {
            return new EdgeSettings(
                    host,
                    port,
                    eventLoops,
                    maxConnections,
                    maxRequests,
                    sizes,
                    times,
                    outbox,
                    messageRate,
                    origins,
                    trustedProxies,
                    admission,
                    operatorPort,
                    tls,
                    compression);
        }
    }
}
