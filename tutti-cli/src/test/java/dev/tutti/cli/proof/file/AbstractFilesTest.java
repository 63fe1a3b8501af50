package dev.tutti.cli.proof.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two real processes with files in one store, one of which is killed in the middle of an upload. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractFilesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PART = 4 << 20;

    private Path directory;
    private EmbeddedDatabase postgres;
    private ServerProcess first;
    private ServerProcess second;
    private ServerApi api;
    private FileClient here;
    private FileClient there;
    private Account ann;

    /** Makes the store, and says with which settings it is used. */
    abstract Map<String, String> store(Path directory) throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS)));
        Map<String, String> store = store(directory);
        first = Solo.spawn(directory, "first", postgres, store);
        second = Solo.spawn(directory, "second", postgres, store);
        first.awaitReady();
        second.awaitReady();
        api = new ServerApi(first.launch().address());
        ann = api.register("ann.");
        here = new FileClient(first.launch().address(), ann);
        there = new FileClient(second.launch().address(), ann);
    }

    @AfterAll
    void stop() {
        api.close();
        first.close();
        second.close();
        postgres.close();
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void whatIsUploadedAtOneIsDownloadedAtTheOther() throws Exception {
        byte[] bytes = random(PART + 12_345, 1);
        HttpResponse<byte[]> stored = here.upload("some/path/Übung \"1\".bin", bytes);
        JsonNode file = FileClient.json(stored);
        String content = "/api/files/" + file.path("id").asString() + "/content";

        assertThat(stored.statusCode()).isEqualTo(201);
        assertThat(file.path("name").asString()).isEqualTo("Übung \"1\".bin");
        assertThat(file.path("sha256").asString()).isEqualTo(sha256(bytes));
        HttpResponse<byte[]> whole = there.get(content);
        assertThat(whole.body()).isEqualTo(bytes);
        assertThat(whole.headers().firstValue("content-disposition"))
                .hasValue("attachment; filename*=UTF-8''%C3%9Cbung%20%221%22.bin");
        assertThat(whole.headers().firstValue("content-security-policy")).hasValue("default-src 'none'; sandbox");
        assertThat(whole.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(whole.headers().firstValue("cache-control")).hasValue("private, max-age=31536000, immutable");

        String etag = whole.headers().firstValue("etag").orElseThrow();
        assertThat(there.get(content, "If-None-Match", etag).statusCode()).isEqualTo(304);
        HttpResponse<byte[]> part = there.get(content, "Range", "bytes=" + (PART - 5) + "-" + (PART + 4));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, PART - 5, PART + 5));
        assertThat(part.headers().firstValue("content-range"))
                .hasValue("bytes " + (PART - 5) + "-" + (PART + 4) + "/" + bytes.length);
        HttpResponse<byte[]> behind = there.get(content, "Range", "bytes=" + bytes.length + "-");
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(behind.headers().firstValue("content-range")).hasValue("bytes */" + bytes.length);
        assertThat(FileClient.error(behind)).isEqualTo("bad_request");
        assertThat(there.get(content, "Range", "bytes=0-1", "If-Range", "\"another\"")
                        .body())
                .hasSize(bytes.length);
    }

    @Test
    void anUploadWhoseInstanceIsKilledGoesOnAtTheOther() throws Exception {
        byte[] bytes = random(5 * PART, 2);
        String upload = here.begin("large.bin", bytes.length);
        try (RawConnection client = patch(upload, bytes.length)) {
            client.send(Arrays.copyOf(bytes, 2 * PART + 1000));
            await().atMost(PATIENCE).until(() -> there.offset(upload) == 2 * PART);
            first.kill();
        }

        long offset = there.offset(upload);
        assertThat(there.append(upload, offset + 1, new byte[10]).statusCode()).isEqualTo(409);
        HttpResponse<byte[]> rest = there.append(upload, offset, Arrays.copyOfRange(bytes, (int) offset, bytes.length));
        first.start();

        assertThat(rest.statusCode()).isEqualTo(204);
        assertThat(there.offset(upload)).isEqualTo(bytes.length);
        String file = upload.replace("uploads", "files");
        assertThat(FileClient.json(here.get(file)).path("sha256").asString()).isEqualTo(sha256(bytes));
        assertThat(here.get(file + "/content").body()).isEqualTo(bytes);
    }

    @Test
    void aRequestThatGoesOnTakesTheUploadFromTheOneBefore() throws Exception {
        byte[] bytes = random(2 * PART, 3);
        String upload = here.begin("two.bin", bytes.length);
        try (RawConnection client = patch(upload, bytes.length)) {
            client.send("xxxx");
            await().atMost(PATIENCE).until(() -> turn(upload) == 1);

            assertThat(there.append(upload, 0, bytes).statusCode()).isEqualTo(204);
            client.sendNoMore(); // now it would keep what it has
            assertThat(client.whole()).contains("409").contains("\"conflict\"");
        }
        assertThat(there.get(upload.replace("uploads", "files") + "/content").body())
                .isEqualTo(bytes);
    }

    /** Begins a request to the first that appends {@code length} bytes to {@code upload}. */
    private RawConnection patch(String upload, int length) {
        RawConnection client = new RawConnection(first.launch().address().getPort(), "127.0.0.1", PATIENCE);
        return client.send("PATCH " + upload + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + ann.token()
                + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: " + length
                + "\r\nContent-Type: application/offset+octet-stream\r\n\r\n");
    }

    private int turn(String upload) throws Exception {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select turn from tutti.file_upload where id = '"
                        + upload.substring(upload.lastIndexOf('/') + 1) + "'")) {
            return rows.next() ? rows.getInt("turn") : -1;
        }
    }

    @Test
    void anInstanceWithAnotherStoreDoesNotStart() throws Exception {
        Path elsewhere = directory.resolve("elsewhere");
        Map<String, String> another = Map.of("STORAGE_PROVIDER", "local", "STORAGE_LOCAL_PATH", elsewhere.toString());
        try (ServerProcess third = Solo.spawn(directory, "third", postgres, another)) {
            assertThat(third.awaitEnd(PATIENCE)).isNotZero();
            assertThat(third.output())
                    .contains("STORAGE_LOCAL_PATH=" + elsewhere + " is the directory", "all instances must share one");
        }
    }

    @Test
    void filesAreTheirOwnersAndOfThoseWithALink() throws Exception {
        String file = "/api/files/"
                + FileClient.json(here.upload("mine.txt", "some text".getBytes(StandardCharsets.UTF_8)))
                        .path("id")
                        .asString();
        FileClient ben = new FileClient(second.launch().address(), api.register("ben."));
        FileClient stranger = new FileClient(second.launch().address(), null);

        assertThat(FileClient.error(ben.get(file))).isEqualTo("not_found");
        assertThat(FileClient.error(ben.get(file + "/content"))).isEqualTo("not_found");
        assertThat(FileClient.error(ben.send("DELETE", file, BodyPublishers.noBody())))
                .isEqualTo("not_found");
        assertThat(FileClient.error(stranger.get(file + "/content"))).isEqualTo("unauthenticated");

        JsonNode link = api.post(file + "/links", ann, Map.of("seconds", 3600));
        String path = link.path("path").asString();
        assertThat(stranger.get(path).body()).asString().isEqualTo("some text");
        for (String forged : new String[] {
            path.replaceAll("expires=[0-9]+", "expires=9999999999"),
            path.replaceAll("signature=.", "signature=" + (path.contains("signature=A") ? "B" : "A")),
            path.replaceAll("files/[0-9a-f]+", "files/" + "0".repeat(32))
        }) {
            assertThat(FileClient.error(stranger.get(forged))).isEqualTo("forbidden");
        }
        String past = api.post(file + "/links", ann, Map.of("seconds", 1))
                .path("path")
                .asString();
        await().atMost(PATIENCE).until(() -> stranger.get(past).statusCode() == 403);

        assertThat(here.send("DELETE", file, BodyPublishers.noBody()).statusCode())
                .isEqualTo(204);
        assertThat(FileClient.error(stranger.get(path))).isEqualTo("not_found");
    }
}
