package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Loaded;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.Tutti;
import dev.tutti.edge.http.ResponseKey.Visibility;
import dev.tutti.http.EntityTag;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.StreamedContent;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers GET and HEAD requests with what the handler has answered before, as HTTP caches do (RFC 9111): with a strong {@code
 * ETag}, {@code Cache-Control}, {@code Age}, and 304 where the client has the answer already. Many requests that miss the same key,
 * at any instance, are one call of the handler. Safe for use by many threads.
 *
 * <p>Kept are answers with status 200 and a body within the bound, without {@code Set-Cookie}, and whose own {@code Cache-Control}
 * does not forbid it. The absence of such an answer is kept for a key, too ({@link CacheSettings#negativeTtl}): requests for it
 * then go to the handler without waiting for one another. A failure of the handler is told to all at its instance that waited for
 * this call, and not kept.
 *
 * <p>HEAD is answered with what is kept for GET, if that is here; else its handler is called, which may be another one than that of
 * GET, or leave the body out. Its answer is kept apart, if it has a body that tells the length, and no GET is answered with it.
 *
 * <p>Filters that find out who asks by anything but a cookie or an Authorization header belong around this filter, not within it. The
 * handler runs on another thread than its request, for {@link CacheSettings#loadTimeout} at most.
 */
public final class ResponseCache implements Filter {
    /** The largest body that is kept unless something else is set, in bytes. */
    public static final int MAX_BODY = 256 * 1024;

    private static final int MOST_BODY = 512 * 1024;
    private static final Set<String> OWN = Set.of("etag", "cache-control", "age", "date", "content-length");
    private static final Set<String> FORBIDDING = Set.of("no-store", "no-cache", "private", "max-age=0", "s-maxage=0");

    /** Says what the answer to a request depends on. */
    @FunctionalInterface
    public interface KeyFunction {
        /** Empty if the request is not to be answered from the cache. Runs on the request's thread. */
        Optional<ResponseKey> key(Request request);
    }

    /** A handler has failed. */
    private static final class NotAnsweredException extends Exception {
        private static final long serialVersionUID = 1;

        NotAnsweredException(Throwable failure) {
            super("the handler has failed", failure, false, false);
        }
    }

    private final Cache<StoredReply> cache;
    private final JsonCodec json;
    private final KeyFunction keys;
    private final Clock clock;
    private final Duration maxAge;
    private final int maxBody;

    private ResponseCache(
            Cache<StoredReply> cache, JsonCodec json, KeyFunction keys, Clock clock, Duration maxAge, int maxBody) {
        this.cache = cache;
        this.json = json;
        this.keys = keys;
        this.clock = clock;
        this.maxAge = maxAge;
        this.maxBody = maxBody;
    }

    /**
     * One in the cache {@code name} of {@code tutti}, which clients may keep for as long.
     *
     * @throws IllegalStateException if there is such a cache
     */
    public static ResponseCache of(Tutti tutti, String name, CacheSettings settings, KeyFunction keys) {
        return new ResponseCache(
                tutti.caches().cache(name, settings, StoredReply.class),
                tutti.json(),
                keys,
                Clock.systemUTC(),
                settings.ttl(),
                MAX_BODY);
    }

    /**
     * The same, where clients may keep an answer for another time after it was made; zero if they shall ask each time, as they
     * always do for what is for one alone.
     */
    public ResponseCache withMaxAge(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("maxAge is " + time + "; allowed are PT0S and more");
        }
        return new ResponseCache(cache, json, keys, clock, time, maxBody);
    }

    /** The same with another bound of the body, 1 byte to 512 KiB. */
    public ResponseCache withMaxBody(int bytes) {
        if (bytes < 1 || bytes > MOST_BODY) {
            throw new IllegalArgumentException("maxBody is " + bytes + "; allowed are 1 to " + MOST_BODY);
        }
        return new ResponseCache(cache, json, keys, clock, maxAge, bytes);
    }

    /**
     * Drops the answer of {@code key} at all instances. Clients that have it may keep it for as long as {@link #withMaxAge} says. An
     * answer for one client alone is better dropped by a tag: its key has that client's capabilities and claims, too. Never blocks.
     */
    public void invalidate(ResponseKey key) {
        cache.invalidate(key.digest());
        cache.invalidate(ofHead(key));
    }

    private static String ofHead(ResponseKey key) {
        return "HEAD " + key.digest();
    }

    /** Drops all answers with {@code tag} at all instances. Never blocks. */
    public void invalidateTag(String tag) {
        cache.invalidateTag(tag);
    }

    @Override
    public Reply apply(Request request, RequestHandler next) throws Exception {
        boolean head = request.method().equals("HEAD");
        boolean reads = head || request.method().equals("GET");
        Optional<ResponseKey> asked = reads ? keys.key(request) : Optional.empty();
        if (asked.isEmpty() || (asked.get().visibility() == Visibility.STRANGERS && isKnown(request))) {
            return next.handle(request);
        }
        ResponseKey key = asked.get();
        AtomicReference<@Nullable Reply> own = new AtomicReference<>();
        Optional<StoredReply> kept = head ? cache.getIfPresent(key.digest()) : Optional.empty();
        if (kept.isPresent()) {
            return answer(request, key, kept.get());
        }
        try {
            kept = cache.get(head ? ofHead(key) : key.digest(), _ -> load(request, next, key, own));
        } catch (TuttiException failure) {
            throw failure.getCause() instanceof NotAnsweredException failed ? told(failed) : failure;
        }
        if (kept.isPresent()) {
            return answer(request, key, kept.get());
        }
        @Nullable Reply reply = own.get();
        return reply == null ? next.handle(request) : reply;
    }

    /** The handler's own failure, for each of those who waited for it. */
    private static Exception told(NotAnsweredException failed) {
        return switch (failed.getCause()) {
            case Exception known -> known;
            case Error error -> throw error;
            case null, default -> failed;
        };
    }

    private static boolean isKnown(Request request) {
        if (Handshakes.hasCredentials(request.handshake())) {
            return true;
        }
        if (request instanceof RouteRequest route) {
            return route.known() != null;
        }
        try {
            return !request.principal().id().isEmpty();
        } catch (TuttiException nobody) {
            if (nobody.code() == ErrorCode.UNAUTHENTICATED) {
                return false;
            }
            throw nobody;
        }
    }

    private Loaded<StoredReply> load(
            Request request, RequestHandler next, ResponseKey key, AtomicReference<@Nullable Reply> own)
            throws NotAnsweredException {
        Reply reply;
        try {
            reply = next.handle(request);
        } catch (Throwable failure) { // of somebody else's code
            throw new NotAnsweredException(failure);
        }
        own.set(reply);
        boolean isShort = request.method().equals("HEAD") && reply.body() == null;
        Optional<StoredReply> kept = isShort ? Optional.empty() : stored(reply, key);
        return kept.map(Loaded::of).orElseGet(Loaded::none).tagged(key.tags().toArray(String[]::new));
    }

    private Optional<StoredReply> stored(Reply reply, ResponseKey key) {
        List<StoredReply.Header> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : reply.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            String value = header.getValue();
            if (name.equals("set-cookie")
                    || (name.equals("vary") && value.contains("*"))
                    || (name.equals("cache-control") && forbids(value, key))) {
                return Optional.empty();
            }
            if (!OWN.contains(name)) {
                headers.add(new StoredReply.Header(header.getKey(), value));
            }
        }
        if (reply.status() != 200 || reply.body() instanceof StreamedContent) {
            return Optional.empty();
        }
        StoredReply kept = StoredReply.of(reply, headers, json, clock.instant());
        return Optional.of(kept).filter(each -> each.length() <= maxBody);
    }

    private static boolean forbids(String cacheControl, ResponseKey key) {
        return Arrays.stream(cacheControl.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(directive -> !(directive.equals("private") && key.visibility() == Visibility.OWNER))
                .anyMatch(FORBIDDING::contains);
    }

    private Reply answer(Request request, ResponseKey key, StoredReply kept) {
        EntityTag plain = new EntityTag(kept.etag(), false);
        EntityTag packed = new EntityTag(kept.etag() + RequestRunner.OF_GZIP, false);
        EntityTag sent = RequestRunner.packs(kept.length(), request) ? packed : plain;
        long age = Math.max(0, Duration.ofMillis(clock.millis() - kept.made()).toSeconds());
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("ETag", sent.toString()));
        headers.add(Map.entry("Cache-Control", cacheControl(key.visibility())));
        headers.add(Map.entry("Age", Long.toString(age)));
        if (key.visibility() == Visibility.STRANGERS) {
            headers.add(Map.entry("Vary", "Authorization, Cookie")); // others get an answer of their own
        }
        Reply whole = kept.reply(headers);
        return plain.isNamedBy(request) || packed.isNamedBy(request) // in whichever coding the client has the answer
                ? new Reply(
                        304,
                        whole.headers().stream()
                                .filter(header -> !header.getKey()
                                        .toLowerCase(Locale.ROOT)
                                        .startsWith("content-"))
                                .toList(),
                        null)
                : whole;
    }

    private String cacheControl(Visibility visibility) {
        if (visibility == Visibility.OWNER) {
            return "private, no-cache"; // the next person at this browser must not be given it unasked
        }
        return maxAge.toSeconds() == 0 ? "public, no-cache" : "public, max-age=" + maxAge.toSeconds();
    }
}
