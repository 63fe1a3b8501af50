package dev.tutti.cli.proof.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Files and clients that mean harm, at a server with nothing configured but limits. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFilesTest {
    private static final String SECRET = "a-secret-of-the-server-alone-long-enough";
    private static final int LARGEST = 4 << 20;

    /** With one beside them, an address has no more bodies on their way at a heap of 256 MiB. */
    private static final int SLOW = 6;

    private Path directory;
    private ServerProcess server;
    private ServerApi api;
    private Account account;
    private FileClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        server = ServerProcess.start(Solo.launch(directory)
                .with("JWT_SECRET", SECRET)
                .with("TUTTI_FILE_MAX_BYTES", "" + LARGEST)
                .with("TUTTI_FILE_ACCOUNT_BYTES", "" + (LARGEST + 50_000))
                .with("TUTTI_REGISTRATIONS_PER_ADDRESS", "1000"));
        api = new ServerApi(server.launch().address());
    }

    @BeforeEach
    void register() throws Exception {
        account = api.register("mallory.");
        client = new FileClient(server.launch().address(), account);
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void aPictureOfSomebodyIsDrawnAnewAndSeenByWhoeverHasAnAccount() throws Exception {
        FileClient bob = new FileClient(server.launch().address(), api.register("bob."));
        String path = "/api/users/" + account.id() + "/avatar";
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(900, 500, BufferedImage.TYPE_INT_RGB), "png", sent);
        sent.writeBytes("<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
        assertThat(bob.get(path).statusCode()).isEqualTo(404);

        HttpResponse<byte[]> put =
                client.send("PUT", "/api/account/avatar", BodyPublishers.ofByteArray(sent.toByteArray()));
        String version = FileClient.json(put).path("avatar").stringValue();
        HttpResponse<byte[]> seen = bob.get(path + "?v=" + version);
        assertThat(seen.statusCode()).isEqualTo(200);
        BufferedImage drawn = ImageIO.read(new ByteArrayInputStream(seen.body()));
        assertThat(drawn.getWidth()).isEqualTo(256);
        assertThat(drawn.getHeight()).isEqualTo(256);
        assertThat(new String(seen.body(), StandardCharsets.ISO_8859_1)).doesNotContain("<script>");
        assertThat(seen.headers().firstValue("cache-control").orElseThrow()).contains("immutable");
        assertThat(bob.get(path).headers().firstValue("cache-control").orElseThrow())
                .contains("no-cache");
        assertThat(bob.get(path, "If-None-Match", "\"another\", W/\"" + version + '"')
                        .statusCode())
                .isEqualTo(304);
        assertThat(api.get("/api/users?query=" + account.name(), account)
                        .path("users")
                        .get(0)
                        .path("avatar")
                        .stringValue())
                .isEqualTo(version);
        assertThat(new FileClient(server.launch().address(), null).get(path).statusCode())
                .isEqualTo(401);

        assertThat(client.send("DELETE", "/api/account/avatar", BodyPublishers.noBody())
                        .statusCode())
                .isEqualTo(204);
        assertThat(bob.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsNoPictureIsNoPictureOfSomebodyAndTenChangesAMinuteAreAllowed() throws Exception {
        BodyPublisher text = BodyPublishers.ofString("<svg xmlns='http://www.w3.org/2000/svg'/>");
        int tries = 0; // one more each six seconds
        for (int status = 415; status == 415; tries++) {
            status = client.send("PUT", "/api/account/avatar", text).statusCode();
            assertThat(status).isIn(415, 429);
        }
        assertThat(tries).isBetween(11, 20);
        assertThat(client.send("PUT", "/api/account/avatar", BodyPublishers.ofByteArray(new byte[2_000_000]))
                        .statusCode())
                .isEqualTo(413);
        assertThat(api.get("/api/account", account).path("avatar").isNull()).isTrue();
    }

    @Test
    void anAttachmentIsReadByThoseWhoSeeItsMessageAndNobodyElse() throws Exception {
        Account bob = api.register("bob.");
        Account eve = api.register("eve.");
        URI address = server.launch().address();
        String path = stored("the plans".getBytes(StandardCharsets.UTF_8));
        String file = path.substring(path.lastIndexOf('/') + 1);
        String group = api.group(account, "Plans", List.of(bob));
        String messages = "/api/conversations/" + group + "/messages";
        Map<String, Object> stolen = Map.of("id", "mine", "attachments", List.of(file));
        assertThat(api.send("POST", messages, bob, stolen).error()).isEqualTo("not_found");
        assertThat(new FileClient(address, bob).get(path + "/content").statusCode())
                .isEqualTo(404);

        long seq = api.post(messages, account, Map.of("id", "plans", "attachments", List.of(file)))
                .path("seq")
                .longValue();

        assertThat(api.post(messages, account, Map.of("id", "plans", "attachments", List.of(file)))
                        .path("seq")
                        .longValue())
                .isEqualTo(seq);
        JsonNode attachment = api.get(messages, bob).path("messages").get(0).path("attachments");
        assertThat(attachment).hasSize(1);
        assertThat(attachment.get(0).path("type").stringValue()).startsWith("text/plain");
        assertThat(attachment.get(0).path("bytes").longValue()).isEqualTo(9);
        assertThat(new String(
                        new FileClient(address, bob).get(path + "/content").body(), StandardCharsets.UTF_8))
                .isEqualTo("the plans");
        assertThat(new FileClient(address, eve).get(path + "/content").statusCode())
                .isEqualTo(404);
        api.send("POST", "/api/conversations/" + group + "/members", account, Map.of("user", eve.id()));
        assertThat(new FileClient(address, eve).get(path + "/content").statusCode())
                .as("of one who has joined after the message")
                .isEqualTo(404);
        assertThat(api.send("DELETE", path, bob, null).error()).isEqualTo("not_found");
        assertThat(api.send("POST", path + "/links", bob, Map.of("seconds", 60)).error())
                .isEqualTo("not_found");

        assertThat(api.send("DELETE", messages + "/" + seq, account, null).status())
                .isEqualTo(200);

        assertThat(new FileClient(address, bob).get(path + "/content").statusCode())
                .isEqualTo(404);
        assertThat(client.get(path + "/content").statusCode()).isEqualTo(200);
        assertThat(api.get(messages, bob).path("messages").get(0).path("attachments"))
                .isEmpty();
    }

    private String stored(byte[] bytes) throws Exception {
        HttpResponse<byte[]> stored = client.upload("file", bytes);
        assertThat(stored.statusCode()).isEqualTo(201);
        return "/api/files/" + FileClient.json(stored).path("id").asString();
    }

    private String raw(String head, String body) {
        try (RawConnection client = new RawConnection(server.launch().address().getPort())) {
            return client.send(head + "Host: a\r\nAuthorization: Bearer " + account.token() + "\r\n\r\n" + body)
                    .sendNoMore()
                    .whole();
        }
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItComes() throws Exception {
        assertThat(raw("POST /api/files?name=a HTTP/1.1\r\nContent-Length: " + (LARGEST + 1) + "\r\n", ""))
                .contains("413", "\"too_large\"");
        assertThat(FileClient.error(client.send(
                        "POST",
                        "/api/uploads",
                        BodyPublishers.noBody(),
                        "Tus-Resumable",
                        "1.0.0",
                        "Upload-Length",
                        "999999999999999")))
                .isEqualTo("too_large");
        stored(new byte[LARGEST]);
        assertThat(raw("POST /api/files?name=second HTTP/1.1\r\nContent-Length: " + LARGEST + "\r\n", ""))
                .contains("\"limit_reached\"");
    }

    @Test
    void aLengthThatIsALieLeavesNothing() throws Exception {
        assertThat(raw("POST /api/files?name=a HTTP/1.1\r\nContent-Length: 90000\r\n", "short"))
                .contains("400", "\"bad_request\"");
        assertThat(raw("POST /api/files?name=a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n", "4\r\nabcd\r\n0\r\n\r\n"))
                .contains("Content-Length is missing");
        assertThat(raw(
                        "POST /api/files?name=a HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                        "4\r\nabcd\r\n0\r\n\r\n"))
                .contains("400");
        assertThat(raw("POST /api/files?name=a HTTP/1.1\r\nContent-Length: -1\r\n", "abcd"))
                .contains("400");
        assertThat(FileClient.json(client.get("/api/files")).path("files")).isEmpty();
        stored(new byte[LARGEST]); // for which its whole share is needed
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../etc/passwd", "/etc/passwd", "C:\\Windows\\passwd", "a/../passwd"})
    void aPathIsNoName(String path) throws Exception {
        HttpResponse<byte[]> stored = client.upload(path, "text".getBytes(StandardCharsets.UTF_8));

        assertThat(FileClient.json(stored).path("name").asString()).isEqualTo("passwd");
        try (Stream<Path> all = Files.walk(directory.resolve("data/files"))) {
            assertThat(all.map(Path::toString)).noneMatch(name -> name.contains("passwd"));
        }
    }

    @Test
    void aNameCannotEndItsHeader() throws Exception {
        assertThat(FileClient.error(client.upload("a\r\nSet-Cookie: b=c", new byte[1])))
                .isEqualTo("bad_request");
        assertThat(FileClient.error(client.upload("\u202egpj.exe", new byte[1])))
                .isEqualTo("bad_request");
        assertThat(FileClient.error(client.upload(" / ", new byte[1]))).isEqualTo("bad_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html><script>alert(1)</script>",
                "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
                "GIF89a/*<script>alert(1)</script>*/",
                "alert(1)"
            })
    void aPageIsNeverServedAsOne(String page) throws Exception {
        HttpResponse<byte[]> stored = client.send(
                "POST", "/api/files?name=page.html", BodyPublishers.ofString(page), "Content-Type", "text/html");
        HttpResponse<byte[]> served =
                client.get("/api/files/" + FileClient.json(stored).path("id").asString() + "/content");

        assertThat(served.headers().firstValue("content-type").orElseThrow())
                .isIn("text/plain; charset=utf-8", "image/gif");
        assertThat(served.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(served.headers().firstValue("content-security-policy").orElseThrow())
                .contains("sandbox", "default-src 'none'");
    }

    @Test
    void aPictureThatUnpacksToGigabytesIsRefusedByItsHead() throws Exception {
        // a PNG with 65,535 x 65,535 pixels
        byte[] bomb = HexFormat.of()
                .parseHex("89504e470d0a1a0a0000000d494844520000ffff0000ffff0806000000a3bc0c2f0000000049444154");

        HttpResponse<byte[]> refused = client.get(stored(bomb) + "/thumbnail");

        assertThat(FileClient.error(refused)).isEqualTo("too_large");
        assertThat(server.ready()).isTrue();
    }

    @Test
    void whoIsNobodyOrAProgramHasNoFiles() throws Exception {
        FileClient nobody = new FileClient(server.launch().address(), null);
        FileClient program = new FileClient(server.launch().address(), new Account("", "", ApiKeys.root(SECRET)));

        assertThat(FileClient.error(nobody.upload("a", new byte[10]))).isEqualTo("unauthenticated");
        assertThat(FileClient.error(program.upload("a", new byte[10]))).isEqualTo("forbidden");
        assertThat(FileClient.error(nobody.get("/api/files/x/content?expires=99999999999&signature=x")))
                .isEqualTo("forbidden");
    }

    @Test
    void aPartThatDoesNotFitIsRefused() throws Exception {
        String upload = client.begin("a", 10);

        assertThat(FileClient.error(client.append(upload, 0, new byte[11]))).isEqualTo("too_large");
        assertThat(FileClient.error(client.append(upload, 5, new byte[5]))).isEqualTo("conflict");
        assertThat(client.append(upload, 0, new byte[5]).headers().firstValue("upload-offset"))
                .hasValue("5");
        HttpResponse<byte[]> another = client.send("PATCH", upload, BodyPublishers.noBody(), "Upload-Offset", "5");
        assertThat(another.statusCode()).isEqualTo(412);
        assertThat(another.headers().firstValue("tus-version")).hasValue("1.0.0");
        assertThat(FileClient.error(another)).isEqualTo("unsupported");
        FileClient ben = new FileClient(server.launch().address(), api.register("ben."));
        assertThat(FileClient.error(ben.append(upload, 5, new byte[5]))).isEqualTo("not_found");
        assertThat(client.send("DELETE", upload, BodyPublishers.noBody(), "Tus-Resumable", "1.0.0")
                        .statusCode())
                .isEqualTo(204);
        assertThat(FileClient.error(client.append(upload, 5, new byte[5]))).isEqualTo("not_found");
    }

    /** Together they announce more than an instance has for what is not in the store yet. */
    @Test
    void manyWhoSendSlowlyKeepNobodyOut() throws Exception {
        List<RawConnection> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                slow.add(slowUpload(api.register("mallory.")));
            }
            slow.forEach(each -> each.send("x"));
            assertThat(server.ready()).isTrue();
            assertThat(FileClient.json(client.get("/api/files")).path("files")).isEmpty();
            assertThat(client.upload("a", new byte[LARGEST]).statusCode()).isEqualTo(201);
            assertThat(slow)
                    .as("without an answer, as their files are on their way")
                    .allMatch(each -> each.isSilentFor(Duration.ofMillis(1)));
        } finally {
            slow.forEach(RawConnection::close);
        }
    }

    @Test
    void anUploadEndsWithTheLoginThatItBeganWith() throws Exception {
        Account mallory = api.register("mallory.");
        try (RawConnection upload = slowUpload(mallory)) {
            assertThat(api.send("POST", "/api/auth/logout", mallory, null).isDone())
                    .isTrue();
            do { // a byte now and then, as from a client that is there
                upload.send("x");
            } while (upload.isSilentFor(Duration.ofMillis(500)));

            assertThat(upload.head()).startsWith("HTTP/1.1 401");
        }
    }

    private RawConnection slowUpload(Account owner) {
        return new RawConnection(server.launch().address().getPort())
                .send("POST /api/files?name=a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + owner.token()
                        + "\r\nContent-Length: " + LARGEST + "\r\n\r\nx");
    }
}
