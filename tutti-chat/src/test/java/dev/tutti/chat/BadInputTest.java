package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.testkit.fixture.Person;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not allowed is refused in the client's own terms, and changes nothing. */
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {
    private static final String HERE = "{conversation}";

    private final TestInstance instance = new TestInstance();
    private final Person ann = instance.person();
    private final String conversation = Talk.direct(ann, instance.person());

    static Stream<Arguments> requests() {
        return Stream.of(
                post("/api/conversations", null),
                post("/api/conversations", "[]"),
                post("/api/conversations", "{"),
                post("/api/conversations", "null"),
                post("/api/conversations", "{}"),
                post("/api/conversations", body("kind", "party")),
                post("/api/conversations", body("kind", 7)),
                post("/api/conversations", body("kind", "direct")),
                post("/api/conversations", body("kind", "direct", "user", "")),
                post("/api/conversations", body("kind", "direct", "user", "a/b")),
                post("/api/conversations", body("kind", "direct", "user", "a".repeat(65))),
                post("/api/conversations", body("kind", "group")),
                post("/api/conversations", body("kind", "group", "title", "")),
                post("/api/conversations", body("kind", "group", "title", " \t ")),
                post("/api/conversations", body("kind", "group", "title", "a\0b")),
                post("/api/conversations", body("kind", "group", "title", "a\u2028b")),
                post("/api/conversations", body("kind", "group", "title", "a".repeat(101))),
                post("/api/conversations", body("kind", "group", "title", "t", "members", "everybody")),
                post(
                        "/api/conversations",
                        body("kind", "group", "title", "t", "members", Collections.singletonList(null))),
                post(
                        "/api/conversations",
                        body(
                                "kind",
                                "group",
                                "title",
                                "t",
                                "members",
                                IntStream.range(0, 10_001)
                                        .mapToObj(Integer::toString)
                                        .toList())),
                post(HERE + "/messages", body("text", "no id")),
                post(HERE + "/messages", body("id", "1")),
                post(HERE + "/messages", body("id", "", "text", "x")),
                post(HERE + "/messages", body("id", "a.b", "text", "x")),
                post(HERE + "/messages", body("id", "a b", "text", "x")),
                post(HERE + "/messages", body("id", "a".repeat(37), "text", "x")),
                post(HERE + "/messages", body("id", "1", "text", "")),
                post(HERE + "/messages", body("id", "1", "text", "a".repeat(4_001))),
                post(HERE + "/messages", body("id", "1", "text", "nul \0")),
                post(HERE + "/messages", body("id", "1", "text", "escape \u001b[31m")),
                post(HERE + "/messages", "{\"id\":\"1\",\"text\":\"\\u0000\"}"),
                post(HERE + "/messages", body("id", "1", "text", List.of("x"))),
                post(HERE + "/read", "{}"),
                post(HERE + "/read", body("seq", 0)),
                post(HERE + "/read", body("seq", -1)),
                post(HERE + "/read", body("seq", "9".repeat(30))),
                post(HERE + "/read", body("seq", 1_000_000_000_000_000L)),
                post(HERE + "/members", "{}"),
                request("PATCH", HERE + "/messages/0", body("text", "x"), "bad_request"),
                request("PATCH", HERE + "/messages/-1", body("text", "x"), "bad_request"),
                request("PATCH", HERE + "/messages/1e3", body("text", "x"), "bad_request"),
                request("PATCH", HERE + "/messages/99999999999999999999", body("text", "x"), "bad_request"),
                request("PATCH", HERE + "/messages/1", "{}", "bad_request"),
                request("DELETE", HERE + "/messages/one", null, "bad_request"),
                request("GET", HERE + "/messages?limit=0", null, "bad_request"),
                request("GET", HERE + "/messages?limit=201", null, "bad_request"),
                request("GET", HERE + "/messages?limit=x", null, "bad_request"),
                request("GET", HERE + "/messages?before=-1", null, "bad_request"),
                request("GET", HERE + "/messages?before=%00", null, "bad_request"),
                request("GET", HERE + "/members?limit=501", null, "bad_request"),
                request("GET", HERE + "/members?after=%00", null, "bad_request"),
                request("GET", "/api/users?query=%00", null, "bad_request"),
                request("GET", "/api/users?query=" + "a".repeat(65), null, "bad_request"),
                request("GET", "/api/groups?query=%00", null, "bad_request"),
                request("GET", "/api/conversations/..%2f..%2fetc", null, "not_found"),
                request("GET", "/api/conversations/%00", null, "not_found"),
                request("GET", "/api/conversations/" + "a".repeat(200), null, "not_found"),
                request("GET", "/api/conversations/'; drop table tutti.user; --", null, "not_found"),
                request("DELETE", HERE + "/members/%00", null, "bad_request"),
                request("PATCH", "/api/account", body("displayName", ""), "bad_request"),
                request("PATCH", "/api/account", body("displayName", "a".repeat(65)), "bad_request"),
                request("PATCH", "/api/account", body("about", "a".repeat(501)), "bad_request"),
                request("PATCH", "/api/account", body("about", "nul \0"), "bad_request"),
                post("/api/account/password", "{}"),
                post("/api/account/password", body("currentPassword", "12 chickens")),
                post("/api/account/password", body("currentPassword", "12 chickens", "password", "1234567")),
                post("/api/account/password", body("currentPassword", "12 chickens", "password", "a".repeat(257))),
                post("/api/account/delete", "{}"),
                request("POST", "/api/account/delete", body("password", "12 chickens of somebody else"), "forbidden"),
                post("/api/auth/reset", "{}"),
                post("/api/auth/reset", body("email", "nobody")),
                post("/api/auth/reset", body("email", "a@b\r\nBcc: c@d")),
                post("/api/auth/reset", body("email", "a".repeat(65) + "@example.com")),
                post("/api/auth/reset", body("email", "a@" + "a.".repeat(9) + "b".repeat(300))),
                post("/api/auth/reset/confirm", "{}"),
                post("/api/auth/reset/confirm", body("token", "a".repeat(43))),
                request(
                        "POST",
                        "/api/auth/reset/confirm",
                        body("token", "a".repeat(43), "password", "a kettle of herons"),
                        "forbidden"),
                request(
                        "POST",
                        "/api/auth/reset/confirm",
                        body("token", "\0", "password", "a kettle of herons"),
                        "forbidden"),
                post("/api/auth/email/confirm", "{}"),
                request("POST", "/api/auth/email/confirm", body("token", "'; --"), "forbidden"),
                request("PUT", "/api/account/email", body("email", "a@b.example"), "bad_request"),
                request(
                        "PUT",
                        "/api/account/email",
                        body("email", "a@b.example", "password", "not this one"),
                        "forbidden"),
                request("PUT", "/api/blocks/nobody", null, "not_found"),
                request("PUT", "/api/blocks/%00", null, "not_found"),
                request("DELETE", "/api/blocks/%00", null, "not_found"),
                request("GET", "/api/server/users", null, "forbidden"),
                request("PATCH", "/api/server/users/%00", "{}", "forbidden"),
                request("DELETE", "/api/server/users/%00", null, "forbidden"),
                request("POST", "/api/server/invitations", "{}", "forbidden"),
                request("DELETE", "/api/sessions?all=maybe", null, "bad_request"),
                request("DELETE", "/api/sessions/%00", null, "not_found"),
                request("DELETE", "/api/sessions/" + "a".repeat(200), null, "not_found"),
                post("/api/auth/login", body("name", "someone", "password", "12 chickens", "device", "a\nb")),
                post("/api/auth/login", body("name", "someone", "password", "12 chickens", "device", "a".repeat(65))));
    }

    @AfterAll
    void close() {
        instance.close();
    }

    @ParameterizedTest(name = "{index}: {0} {1}")
    @MethodSource("requests")
    void whatIsNotAllowedIsRefused(String method, String target, @Nullable Object body, String code) {
        long before = Talk.view(ann, conversation).get("lastSeq").longValue();

        assertThat(ann.call(method, target.replace(HERE, Talk.path(conversation)), body)
                        .code())
                .isEqualTo(code);

        assertThat(Talk.view(ann, conversation).get("lastSeq").longValue()).isEqualTo(before);
    }

    private static Arguments post(String target, @Nullable Object body) {
        return request("POST", target, body, "bad_request");
    }

    private static Arguments request(String method, String target, @Nullable Object body, String code) {
        return Arguments.of(method, target, body, code);
    }

    private static Map<String, Object> body(Object... fields) {
        Map<String, Object> body = new HashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        return body;
    }
}
