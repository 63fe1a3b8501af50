package dev.tutti.cli.proof.hostile;

import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Api;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Files, uploads in parts, signed links and pictures of people: those of others, those that never were, and bytes that are none. */
final class FileRows {
    private static final String AVATAR = "/api/account/avatar";
    private static final String TUS = "Tus-Resumable: 1.0.0";
    private static final String PART = "application/offset+octet-stream";
    private static final String LINK = "/api/files/never/content?expires=99999999999&signature=";

    private FileRows() {}

    private static Attack get(String path) {
        return v -> v.http("GET", path, v.mallory());
    }

    private static Attack stranger(String method, String path) {
        return v -> v.bytes(method, path, null, "text/plain", new byte[] {'x'});
    }

    private static Attack named(String name) {
        return v -> v.bytes("POST", "/api/files?name=" + name, v.mallory(), "text/plain", new byte[] {'x'});
    }

    private static Attack begun(String... headers) {
        return v -> v.bytes("POST", "/api/uploads", v.mallory(), "text/plain", new byte[0], headers);
    }

    private static Attack part(String type, String... headers) {
        return v -> v.bytes("PATCH", "/api/uploads/never", v.mallory(), type, new byte[] {'x'}, headers);
    }

    private static Attack picture(byte[] bytes) {
        return v -> v.bytes("PUT", AVATAR, v.mallory(), "image/png", bytes);
    }

    /** A request for some bytes of a file of two. */
    private static Attack range(String range) {
        return v -> v.http("GET", "/api/files/" + stored(v) + "/content", v.mallory(), "Range: " + range);
    }

    private static String stored(Victim victim) throws IOException {
        try (Wire wire = victim.wire()) {
            wire.write(victim.head("POST", "/api/files?name=two", victim.mallory(), List.of("Content-Length: 2"))
                    + "\r\nab");
            return Api.JSON.readTree(wire.answer().body()).path("id").asString();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static final List<Hostile> ROWS = List.of(
            new Hostile("a file without a login", stranger("POST", "/api/files?name=a"), "401 unauthenticated"),
            new Hostile("files without a login", v -> v.http("GET", "/api/files", null), "401 unauthenticated"),
            new Hostile(
                    "a file of a program",
                    v -> v.bytes(
                            "POST",
                            "/api/files?name=a",
                            null,
                            "text/plain",
                            new byte[] {'x'},
                            "Authorization: Bearer " + ApiKeys.root(v.secret())),
                    "403 forbidden"),
            new Hostile("a file that never was", get("/api/files/never"), "404 not_found"),
            new Hostile("the content of a file that never was", get("/api/files/never/content"), "404 not_found"),
            new Hostile("the thumbnail of a file that never was", get("/api/files/never/thumbnail"), "404 not_found"),
            new Hostile("a file in SQL", get("/api/files/'%20OR%20'1'='1"), "404 not_found"),
            new Hostile("a file beyond its folder", get("/api/files/..%2f..%2fetc%2fpasswd/content"), "404 not_found"),
            new Hostile(
                    "the end of a file that never was",
                    v -> v.http("DELETE", "/api/files/never", v.mallory()),
                    "404 not_found"),
            new Hostile(
                    "a link to a file that never was",
                    v -> v.json("POST", "/api/files/never/links", v.mallory(), "{\"seconds\":60}"),
                    "404 not_found"),
            new Hostile("files before a NUL", get("/api/files?before=%00"), "400 bad_request"),
            new Hostile("no files at a time", get("/api/files?limit=0"), "400 bad_request"),
            new Hostile("a million files at a time", get("/api/files?limit=1000000"), "400 bad_request"),
            new Hostile("a file without a name", named(""), "400 bad_request"),
            new Hostile("a file called ..", named(".."), "400 bad_request"),
            new Hostile("a file with a NUL in its name", named("a%00b"), "400 bad_request"),
            new Hostile("a file whose name breaks the line", named("a%0d%0aSet-Cookie:%20b=c"), "400 bad_request"),
            new Hostile("a file with a name of 2,000 letters", named("a".repeat(2_000)), "400 bad_request"),
            new Hostile(
                    "a file of unknown length",
                    v -> v.raw(v.head("POST", "/api/files?name=a", v.mallory(), List.of())
                            + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
                    "400 bad_request"),
            new Hostile(
                    "a file that is announced with a petabyte",
                    v -> v.raw(v.head("POST", "/api/files?name=a", v.mallory(), List.of())
                            + "Content-Length: 999999999999999\r\n\r\n"),
                    "413 too_large"),
            new Hostile("a made-up link", v -> v.http("GET", LINK + "x".repeat(43), null), "403 forbidden"),
            new Hostile("a link with an empty signature", v -> v.http("GET", LINK, null), "403 forbidden"),
            new Hostile(
                    "a link that runs out in words",
                    v -> v.http("GET", "/api/files/never/content?expires=never&signature=x", null),
                    "403 forbidden"),
            new Hostile(
                    "a link that does not say when it runs out",
                    v -> v.http("GET", "/api/files/never/content?signature=x", null),
                    "403 forbidden"),
            new Hostile(
                    "content without a link or login",
                    v -> v.http("GET", "/api/files/never/content", null),
                    "401 unauthenticated"),
            new Hostile(
                    "an upload without a login", v -> v.http("POST", "/api/uploads", null, TUS), "401 unauthenticated"),
            new Hostile("an upload of another protocol", begun("Upload-Length: 1"), "412 unsupported"),
            new Hostile(
                    "an upload of a version of tus to come",
                    begun("Tus-Resumable: 2.0.0", "Upload-Length: 1"),
                    "412 unsupported"),
            new Hostile("a part of a file that begins at its end", range("bytes=2-"), "416 bad_request"),
            new Hostile("the last 0 bytes of a file", range("bytes=-0"), "416 bad_request"),
            new Hostile("an upload of unknown length", begun(TUS), "400 bad_request"),
            new Hostile("an upload of -1 bytes", begun(TUS, "Upload-Length: -1"), "400 bad_request"),
            new Hostile("an upload of a petabyte", begun(TUS, "Upload-Length: 999999999999999"), "413 too_large"),
            new Hostile(
                    "an upload with a name that is not Base64",
                    begun(TUS, "Upload-Length: 1", "Upload-Metadata: filename !!!"),
                    "400 bad_request"),
            new Hostile("a part of what never was", part(PART, TUS, "Upload-Offset: 0"), "404 not_found"),
            new Hostile("a part of another type", part("text/plain", TUS, "Upload-Offset: 0"), "415 unsupported"),
            new Hostile("a part without an offset", part(PART, TUS), "400 bad_request"),
            new Hostile("a part behind -1", part(PART, TUS, "Upload-Offset: -1"), "400 bad_request"),
            new Hostile(
                    "a part behind 2^64", part(PART, TUS, "Upload-Offset: 18446744073709551616"), "400 bad_request"),
            new Hostile(
                    "the end of an upload that never was",
                    v -> v.http("DELETE", "/api/uploads/never", v.mallory(), TUS),
                    "404 not_found"),
            new Hostile("a picture of oneself without a login", stranger("PUT", AVATAR), "401 unauthenticated"),
            new Hostile("a picture of nothing", picture(new byte[0]), "415 unsupported"),
            new Hostile("text for a picture", picture(ascii("a picture")), "415 unsupported"),
            new Hostile(
                    "a drawing that runs a script",
                    picture(ascii("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")),
                    "415 unsupported"),
            new Hostile(
                    "a picture of 65,535 by 65,535 pixels",
                    picture(HexFormat.of()
                            .parseHex("89504e470d0a1a0a0000000d494844520000ffff0000ffff0806000000a3bc0c2f"
                                    + "0000000049444154")),
                    "413 too_large"),
            new Hostile("half a picture", picture(HexFormat.of().parseHex("89504e470d0a1a0a0000")), "415 unsupported"),
            new Hostile("a picture of nobody", get("/api/users/never/avatar"), "404 not_found"),
            new Hostile("a picture in SQL", get("/api/users/'%20OR%20'1'='1/avatar"), "404 not_found"),
            new Hostile(
                    "a picture without a login",
                    v -> v.http("GET", "/api/users/" + v.ann().id() + "/avatar", null),
                    "401 unauthenticated"));
}
