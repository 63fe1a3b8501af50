package dev.tutti.cli.proof.hostile;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests that are not HTTP, or are HTTP against its spirit: framing, smuggling, names, sizes, patience. */
final class HttpRows {
    private static final String HOST = "Host: server\r\n";
    private static final String POST =
            "POST /api/auth/login HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
    private static final int MIB = 1024 * 1024;

    private HttpRows() {}

    static final List<Hostile> ROWS = List.of(
            new Hostile(
                    "a TLS greeting",
                    v -> v.raw("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"),
                    "400 bad_request"),
            new Hostile("a request line of one word", v -> v.raw("HELO\r\n\r\n"), "400 bad_request"),
            new Hostile("HTTP/2 without asking", v -> v.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "501"),
            new Hostile("a protocol version of the future", v -> v.raw("GET / HTTP/9.9\r\n" + HOST + "\r\n"), "501"),
            new Hostile("HTTP/1.1 without Host", v -> v.raw("GET /health/live HTTP/1.1\r\n\r\n"), "400 bad_request"),
            new Hostile(
                    "two Hosts",
                    v -> v.raw("GET /health/live HTTP/1.1\r\n" + HOST + "Host: other\r\n\r\n"),
                    "400 bad_request"),
            new Hostile("a method of 1,000 letters", v -> v.http("A".repeat(1_000), "/", null), "404 not_found"),
            new Hostile("TRACE", v -> v.http("TRACE", "/api/auth/me", null), "405 method_not_allowed"),
            new Hostile(
                    "CONNECT to somewhere else", v -> v.http("CONNECT", "example.org:443", null), "400 bad_request"),
            new Hostile(
                    "GET where only POST is known",
                    v -> v.http("GET", "/api/auth/login", null),
                    "405 method_not_allowed"),
            new Hostile("DELETE of a health page", v -> v.http("DELETE", "/health", null), "405 method_not_allowed"),
            new Hostile("percent-encoding without digits", v -> v.http("GET", "/api/%zz", null), "400 bad_request"),
            new Hostile("percent-encoding cut short", v -> v.http("GET", "/api/%4", null), "400 bad_request"),
            new Hostile(
                    "an overlong encoding of a slash",
                    v -> v.http("GET", "/..%c0%af..%c0%afetc/passwd", null),
                    "400 bad_request"),
            new Hostile("a NUL in the path", v -> v.http("GET", "/index.html%00.png", null), "400 bad_request"),
            new Hostile(
                    "a path that leaves its folder",
                    v -> v.http("GET", "/../../../etc/passwd", null),
                    "400 bad_request"),
            new Hostile("the same, encoded", v -> v.http("GET", "/%2e%2e/%2e%2e/etc/passwd", null), "400 bad_request"),
            new Hostile("the same, encoded twice", v -> v.http("GET", "/%252e%252e/etc/passwd", null), "404 not_found"),
            new Hostile(
                    "the same, with backslashes", v -> v.http("GET", "/..%5c..%5cetc%5cpasswd", null), "404 not_found"),
            new Hostile("a file of the program", v -> v.http("GET", "/META-INF/MANIFEST.MF", null), "404 not_found"),
            new Hostile(
                    "a class of the program",
                    v -> v.http("GET", "/webjars/../dev/tutti/cli/Main.class", null),
                    "400 bad_request"),
            new Hostile("a path of two slashes", v -> v.http("GET", "//etc/passwd", null), "404 not_found"),
            new Hostile(
                    "a header smuggled in by the path",
                    v -> {
                        try (Wire wire = v.wire()) {
                            wire.write(v.head("GET", "/nowhere%0d%0aSet-Cookie:%20owned=1", null, List.of()) + "\r\n");
                            Wire.Answer answer = wire.answer();
                            return answer.headers().containsKey("set-cookie") ? "a cookie" : answer.brief();
                        }
                    },
                    "404 not_found"),
            new Hostile(
                    "a request line of 9 KiB", v -> v.http("GET", "/" + "a".repeat(9 * 1024), null), "413 too_large"),
            new Hostile(
                    "a header of 20 KiB",
                    v -> v.http("GET", "/", null, "X-Large: " + "a".repeat(20 * 1024)),
                    "413 too_large"),
            new Hostile(
                    "5,000 headers", v -> v.http("GET", "/", null, "X: a\r\n".repeat(5_000) + "X: a"), "413 too_large"),
            new Hostile("a header name with a space", v -> v.http("GET", "/", null, "X Bad: 1"), "400 bad_request"),
            new Hostile("a header without a colon", v -> v.http("GET", "/", null, "nonsense"), "400 bad_request"),
            new Hostile("a NUL in a header", v -> v.http("GET", "/", null, "X-Bad: a\u0000b"), "400 bad_request"),
            new Hostile(
                    "Content-Length and Transfer-Encoding",
                    v -> v.raw(POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX"),
                    "400 bad_request"),
            new Hostile(
                    "two different Content-Lengths",
                    v -> v.raw(POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}}"),
                    "400 bad_request"),
            new Hostile(
                    "a negative Content-Length", v -> v.raw(POST + "Content-Length: -1\r\n\r\n"), "400 bad_request"),
            new Hostile(
                    "a Content-Length in words", v -> v.raw(POST + "Content-Length: two\r\n\r\n{}"), "400 bad_request"),
            new Hostile(
                    "a Transfer-Encoding that is nearly chunked",
                    v -> v.raw(POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                    "400 bad_request"),
            new Hostile(
                    "a Transfer-Encoding with a space before its colon",
                    v -> v.raw(POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                    "400 bad_request"),
            new Hostile(
                    "chunked with HTTP/1.0",
                    v -> v.raw("POST /api/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                    "400 bad_request"),
            new Hostile(
                    "a chunk of a size in words",
                    v -> v.raw(POST + "Transfer-Encoding: chunked\r\n\r\nlarge\r\n{}\r\n0\r\n\r\n"),
                    "closed"),
            new Hostile(
                    "a chunk of 2^63 bytes",
                    v -> v.raw(POST + "Transfer-Encoding: chunked\r\n\r\n8000000000000000\r\n{}\r\n0\r\n\r\n"),
                    "closed"),
            new Hostile(
                    "a negative chunk",
                    v -> v.raw(POST + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
                    "closed"),
            new Hostile(
                    "a body that announces 2 MiB",
                    v -> v.raw(POST + "Content-Length: " + 2 * MIB + "\r\n\r\n{"),
                    "413 too_large"),
            new Hostile(
                    "the same, and asks first",
                    v -> v.raw(POST + "Expect: 100-continue\r\nContent-Length: " + 2 * MIB + "\r\n\r\n"),
                    "413 too_large"),
            new Hostile(
                    "a body that grows beyond 1 MiB chunk by chunk",
                    v -> v.raw(POST + "Transfer-Encoding: chunked\r\n\r\n"
                            + ("10000\r\n" + "a".repeat(65_536) + "\r\n").repeat(20)),
                    "413 too_large"),
            new Hostile(
                    "JSON that calls itself text",
                    v -> v.bytes("POST", "/api/auth/login", null, "text/plain", new byte[] {'{', '}'}),
                    "415 unsupported"),
            new Hostile(
                    "a form",
                    v -> v.bytes(
                            "POST",
                            "/api/auth/login",
                            null,
                            "application/x-www-form-urlencoded",
                            "name=a".getBytes(StandardCharsets.US_ASCII)),
                    "415 unsupported"),
            new Hostile(
                    "a request that never ends its headers",
                    v -> v.raw("GET / HTTP/1.1\r\n" + HOST + "X-Slow: "),
                    "408 timeout"),
            new Hostile("a body that never comes", v -> v.raw(POST + "Content-Length: 100\r\n\r\n{"), "408 timeout"),
            new Hostile("a connection that says nothing", v -> v.raw(""), "closed"),
            new Hostile(
                    "1,000 requests in one breath",
                    v -> {
                        try (Wire wire = v.wire()) {
                            wire.write((v.head("GET", "/health/live", null, List.of()) + "\r\n").repeat(1_000));
                            String answer = "";
                            for (int i = 0; i < 1_000; i++) {
                                answer = Victim.brief(wire);
                            }
                            return answer;
                        }
                    },
                    "200"));
}
