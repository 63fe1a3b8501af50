package dev.tutti.cli.proof.file;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Somebody who uploads and downloads bytes, and streams of them, at one instance. */
final class FileClient {
    /** Large files take their time. */
    private static final Api API = new Api(Duration.ofMinutes(10));

    private final URI instance;
    private final @Nullable Account account;

    FileClient(URI instance, @Nullable Account account) {
        this.instance = instance;
        this.account = account;
    }

    /** A request; {@code headers} are names and values by turns. */
    HttpResponse<byte[]> send(String method, String path, BodyPublisher body, String... headers) throws Exception {
        HttpRequest.Builder request = to(path).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return API.send(request, BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder to(String path) {
        return Api.request(instance.resolve(path), account);
    }

    /** The body of an answer while it comes. */
    InputStream read(String path) throws Exception {
        return API.send(to(path), BodyHandlers.ofInputStream()).body();
    }

    HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    HttpResponse<byte[]> upload(String name, byte[] bytes) throws Exception {
        return send("POST", "/api/files?name=" + encoded(name), BodyPublishers.ofByteArray(bytes));
    }

    HttpResponse<byte[]> upload(String name, long bytes, Supplier<InputStream> source) throws Exception {
        return send(
                "POST",
                "/api/files?name=" + encoded(name),
                BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(source), bytes));
    }

    /** Begins an upload in parts; its path. */
    String begin(String name, long bytes) throws Exception {
        String metadata = "filename " + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
        return send(
                        "POST",
                        "/api/uploads",
                        BodyPublishers.noBody(),
                        "Tus-Resumable",
                        "1.0.0",
                        "Upload-Length",
                        "" + bytes,
                        "Upload-Metadata",
                        metadata)
                .headers()
                .firstValue("location")
                .orElseThrow();
    }

    HttpResponse<byte[]> append(String upload, long offset, byte[] bytes) throws Exception {
        return send(
                "PATCH",
                upload,
                BodyPublishers.ofByteArray(bytes),
                "Tus-Resumable",
                "1.0.0",
                "Upload-Offset",
                "" + offset,
                "Content-Type",
                "application/offset+octet-stream");
    }

    /** How far an upload has come. */
    long offset(String upload) throws Exception {
        return send("HEAD", upload, BodyPublishers.noBody(), "Tus-Resumable", "1.0.0")
                .headers()
                .firstValueAsLong("upload-offset")
                .orElseThrow();
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return Api.JSON.readTree(response.body());
    }

    static String error(HttpResponse<byte[]> response) {
        return json(response).path("error").path("code").asString();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
