package dev.tutti.file;

import static dev.tutti.file.SomeFiles.bytes;
import static dev.tutti.file.SomeFiles.somebody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.file.store.LocalBlobStore;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import dev.tutti.http.StreamedContent;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A download that takes long, of somebody whose limit of requests is used up by it. */
@Tag("slow")
class RunningDownloadTest {
    private static final Handshake HANDSHAKE = new Handshake("127.0.0.1", Map.of(), Map.of(), Map.of());

    private final Set<String> readers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger charged = new AtomicInteger();
    private final SignedLinks links = new SignedLinks(List.of("a secret"), Clock.systemUTC());
    private final byte[] bytes = bytes(100);
    private FileDatabase database;
    private FileStorage files;
    private RequestHandler content;
    private InputStream download;
    private long now;
    private @Nullable ErrorCode refusal;

    @BeforeEach
    void begin(@TempDir Path directory) throws Exception {
        database = FileDatabase.in(directory.resolve("postgres"));
        files = new FileStorage(
                database.pool(),
                new LocalBlobStore(directory.resolve("files")),
                new FileSettings(10_000, 15_000, 4, Duration.ofHours(1)),
                FileOwners.ANYBODY,
                Clock.systemUTC(),
                List.of("a secret"),
                new SimpleMeterRegistry());
        StoredFile file = files.store(somebody(), "a file", 100, new ByteArrayInputStream(bytes));
        readers.add("bob");
        Map<String, RequestHandler> handlers = new HashMap<>();
        new FileRoutes(
                        files,
                        links,
                        new Thumbnails(new Pictures(), System::nanoTime),
                        _ -> authenticated(),
                        (who, id) -> id.equals(file.id()) && readers.contains(who),
                        () -> now)
                .routes(new Added(handlers));
        content = Objects.requireNonNull(handlers.get("GET /api/files/:id/content"));
        download = begun(new Get(file.id(), charged, Map.of()));
    }

    private InputStream begun(Get request) throws Exception {
        Reply reply = content.handle(request);
        assertThat(reply.status()).isEqualTo(200);
        InputStream begun = ((StreamedContent) Objects.requireNonNull(reply.body()))
                .source()
                .open();
        assertThat(begun.read(new byte[10])).isEqualTo(10);
        return begun;
    }

    @AfterEach
    void end() throws Exception {
        download.close();
        database.close();
    }

    private Principal authenticated() {
        if (refusal != null) {
            throw new TuttiException(refusal, "refused");
        }
        return new Principal("bob", "session", Instant.MAX);
    }

    private void later() {
        now += Duration.ofSeconds(5).toNanos();
    }

    @Test
    void countsAsOneRequestHoweverLongItTakes() throws Exception {
        for (int i = 0; i < 5; i++) {
            later();
            assertThat(download.read(new byte[10])).isEqualTo(10);
        }
        assertThat(charged).hasValue(1);
    }

    @Test
    void endsWithTheRightToTheFile() throws Exception {
        later();
        assertThat(download.read(new byte[10])).isEqualTo(10);
        readers.clear();
        later();

        refused(ErrorCode.NOT_FOUND);
    }

    @Test
    void endsWithTheRightToTheFileAfterTheTokenHasRunOutToo() throws Exception {
        refusal = ErrorCode.TOKEN_EXPIRED;
        later();
        assertThat(download.read(new byte[10])).isEqualTo(10);
        readers.clear();
        later();

        refused(ErrorCode.NOT_FOUND);
    }

    @Test
    void endsWithItsLogin() {
        refusal = ErrorCode.SESSION_REVOKED;
        later();

        refused(ErrorCode.SESSION_REVOKED);
    }

    @Test
    void byALinkEndsWithTheFileThoughAnotherOneHasItsBytes() throws Exception {
        String ann = somebody();
        StoredFile file = files.store(ann, "the same", 100, new ByteArrayInputStream(bytes));
        Map<String, String> link = new HashMap<>();
        for (String each :
                links.query(file.id(), Instant.now().plusSeconds(3600)).split("&", -1)) {
            link.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        download.close();
        download = begun(new Get(file.id(), charged, link));
        later();
        assertThat(download.read(new byte[10])).isEqualTo(10);

        assertThat(files.delete(file.id(), ann)).isTrue();
        later();

        refused(ErrorCode.NOT_FOUND);
    }

    private void refused(ErrorCode code) {
        assertThatThrownBy(() -> download.read(new byte[10]))
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(code));
    }

    private record Added(Map<String, RequestHandler> handlers) implements Routes {
        @Override
        public Routes on(String method, String path, RequestHandler handler) {
            handlers.put(method + " " + path, handler);
            return this;
        }

        @Override
        public Routes onStream(String method, String path, RequestHandler handler) {
            return on(method, path, handler);
        }
    }

    /** A request that takes the only token there is when it is known who asks, as those of an edge with a limit do. */
    private record Get(String id, AtomicInteger charged, Map<String, String> query) implements Request {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/api/files/" + id + "/content";
        }

        @Override
        public Handshake handshake() {
            return HANDSHAKE;
        }

        @Override
        public Principal principal() {
            return new Principal("bob", "session", Instant.MAX);
        }

        @Override
        public Request by(Principal principal) {
            if (charged.incrementAndGet() > 1) {
                throw new TuttiException(ErrorCode.RATE_LIMITED, "too many requests", Duration.ofHours(1));
            }
            return this;
        }

        @Override
        public String segment(String name) {
            return id;
        }

        @Override
        public Optional<String> query(String name) {
            return Optional.ofNullable(query.get(name));
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<String> cookie(String name) {
            return Optional.empty();
        }

        @Override
        public <T> T body(Class<T> type) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the request has no body");
        }

        @Override
        public InputStream stream() {
            return InputStream.nullInputStream();
        }
    }
}
