package dev.tutti.server.outbound;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.InstanceId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Posts to the servers of others. A connection goes to the very address that was found to be allowed, so that a name that changes what
 * it stands for leads nowhere else. Redirects are not followed. Of an answer 64 KiB are read, and no more. One event loop; safe
 * for use by many threads; blocks, for virtual threads.
 */
public final class OutboundClient implements AutoCloseable {
    /** The most bytes of an answer that are read. */
    public static final int MAX_ANSWER_BYTES = 64 * 1024;

    private static final int LONGEST_URL = 1_000;
    private static final int IDLE_SECONDS = 10;
    private static final int CLOSE_SECONDS = 5;

    // without a directory of its own for files that it never serves, which would be left behind when the process is
    // killed
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final HttpClient http;
    private final AddressLookup lookup;
    private final String instance;
    private final boolean privateAllowed;

    /**
     * The answer of a server.
     *
     * @param status of HTTP
     * @param body its first bytes, at most {@value #MAX_ANSWER_BYTES}
     * @param complete whether that is all of it
     * @param retryAfter for how many seconds it does not want to be asked again, if it says so
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, byte[] body, boolean complete, Optional<Duration> retryAfter) {
        /** Whether it is one of success, 200 to 299. */
        public boolean succeeded() {
            return status / 100 == 2;
        }
    }

    /**
     * One of {@code instance}, which says so in {@code X-Instance-Id}, that goes to private networks, this machine and over plain HTTP
     * only if that is {@code privateAllowed}.
     *
     * @param connections to each server at most; a post beyond them waits, which its time-out counts
     */
    public OutboundClient(InstanceId instance, boolean privateAllowed, int connections) {
        this(instance, privateAllowed, connections, InetAddress::getAllByName);
    }

    /** The same, which asks {@code resolver} for addresses. */
    OutboundClient(InstanceId instance, boolean privateAllowed, int connections, AddressLookup.Resolver resolver) {
        this.lookup = new AddressLookup(resolver);
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setKeepAliveTimeout(IDLE_SECONDS).setMaxRedirects(0),
                new PoolOptions().setHttp1MaxSize(connections));
        this.instance = instance.value();
        this.privateAllowed = privateAllowed;
    }

    /**
     * The place that {@code url} names.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is none to which something may be posted. The addresses of
     *     its host are looked at when something is
     */
    public URI checked(String url) {
        URI place;
        try {
            place = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "url is no URL", malformed);
        }
        boolean plain = "http".equalsIgnoreCase(place.getScheme());
        if (url.length() > LONGEST_URL
                || place.getHost() == null
                || place.getRawUserInfo() != null
                || place.getRawFragment() != null
                || place.getPort() == 0
                || place.getPort() > 65_535
                || (!plain && !"https".equalsIgnoreCase(place.getScheme()))) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "url is not https://host/path of at most " + LONGEST_URL
                            + " characters, without user and fragment");
        }
        if (plain && !privateAllowed) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "url is not https; http is not allowed by this server");
        }
        return place;
    }

    /**
     * Posts {@code body}.
     *
     * @param timeout for everything together, what it takes to find the host's address included
     * @throws IOException if there was no answer; whether it was received is unknown then
     */
    public Answer post(URI place, Map<String, String> headers, byte[] body, Duration timeout)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        RequestOptions options;
        try {
            options = options(place, headers, deadline);
        } catch (TimeoutException slow) {
            throw new IOException("no address of " + place.getHost() + " within " + timeout.toMillis() + " ms", slow);
        }
        AtomicReference<HttpClientRequest> sent = new AtomicReference<>();
        AtomicBoolean late = new AtomicBoolean();
        Future<Answer> answer = http.request(options).compose(request -> {
            sent.set(request.exceptionHandler(_ -> {})); // what it tells is told by the answer, too
            if (late.get()) {
                return request.reset().compose(_ -> Future.failedFuture("late"));
            }
            return request.send(Buffer.buffer(body)).compose(OutboundClient::read);
        });
        try {
            return answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", slow);
        } catch (ExecutionException failure) {
            throw new IOException(reason(failure), failure);
        } finally {
            late.set(true);
            HttpClientRequest request = sent.get();
            if (request != null && !answer.isComplete()) {
                Future<Void> _ = request.reset();
            }
        }
    }

    /** The message of the failure that came first: the others say that something failed. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return String.valueOf(first.getMessage());
    }

    private RequestOptions options(URI place, Map<String, String> headers, Deadline deadline)
            throws IOException, InterruptedException, TimeoutException {
        boolean secure = "https".equalsIgnoreCase(place.getScheme());
        int port = place.getPort() > 0 ? place.getPort() : secure ? 443 : 80;
        String path = place.getRawPath().isEmpty() ? "/" : place.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address(place.getHost(), deadline)))
                .setHost(place.getHost())
                .setPort(port)
                .setSsl(secure)
                .setURI(place.getRawQuery() == null ? path : path + "?" + place.getRawQuery())
                .setConnectTimeout(Math.max(1, deadline.left().toMillis()));
        if (secure) {
            options.setSslOptions(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"));
        }
        options.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "Tutti")
                .putHeader("X-Instance-Id", instance);
        headers.forEach(options::putHeader);
        return options;
    }

    /** An address of {@code host} that is allowed. */
    private String address(String host, Deadline deadline) throws IOException, InterruptedException, TimeoutException {
        return lookup.find(host, deadline).stream()
                .filter(address -> privateAllowed || PublicAddresses.include(address))
                .findFirst()
                .map(InetAddress::getHostAddress)
                .orElseThrow(() -> new UnknownHostException(host + " has no public address, and no other is allowed"));
    }

    /** On the event loop. */
    private static Future<Answer> read(HttpClientResponse response) {
        Promise<Answer> read = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(read::tryFail)
                .endHandler(_ -> read.tryComplete(answer(response, body, true)))
                .handler(more -> {
                    if (body.length() + more.length() <= MAX_ANSWER_BYTES) {
                        body.appendBuffer(more);
                    } else if (read.tryComplete(answer(response, body, false))) {
                        Future<Void> _ = response.request().reset();
                    }
                });
        return read.future();
    }

    private static Answer answer(HttpClientResponse response, Buffer body, boolean complete) {
        return new Answer(
                response.statusCode(),
                body.getBytes(),
                complete,
                Optional.ofNullable(response.getHeader("retry-after"))
                        .filter(text -> text.matches("[0-9]{1,6}"))
                        .map(text -> Duration.ofSeconds(Long.parseLong(text))));
    }

    @Override
    public void close() {
        lookup.close();
        try {
            Void _ = vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failure) {
            throw new TuttiException(ErrorCode.INTERNAL, "connections to other servers could not be closed", failure);
        }
    }
}
