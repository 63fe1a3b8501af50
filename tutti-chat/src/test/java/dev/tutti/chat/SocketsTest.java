package dev.tutti.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.chat.fixture.TestNamespace;
import dev.tutti.chat.fixture.TestSocket;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SocketsTest {
    private final TestInstance instance = new TestInstance(TestInstance.SETTINGS, () -> 0L);
    private final TestNamespace namespace = instance.namespace();
    private final Person ann = instance.person();
    private final Person bob = instance.person();

    @BeforeEach
    void open() {
        instance.chat().sockets(namespace);
    }

    @AfterEach
    void close() {
        instance.close();
    }

    @Test
    void onlyThoseWhoShowWhoTheyAreComeIn() {
        assertThat(connect(ann).principal().id()).isEqualTo(ann.id());
        assertThat(namespace
                        .connect(Map.of(), Map.of("cookie", "tutti_access=" + ann.token()))
                        .principal()
                        .id())
                .isEqualTo(ann.id());
        assertRefused(Map.of(), ErrorCode.UNAUTHENTICATED);
        assertRefused(Map.of("token", "x"), ErrorCode.UNAUTHENTICATED);
        assertRefused(Map.of("token", 5), ErrorCode.UNAUTHENTICATED);

        instance.clock().pass(Duration.ofMinutes(16));
        assertRefused(Map.of("token", ann.token()), ErrorCode.TOKEN_EXPIRED);
    }

    @Test
    void aConnectionIsRenewedWithAFreshToken() {
        Map<String, Object> body = Map.of("name", "r" + ann.name(), "password", "12 chickens");
        RouteAnswer registered = instance.stranger().post("/api/auth/register", body);
        Person person = new Person(
                instance, registered.json().get("user").get("id").stringValue(), "", registered.text("accessToken"));
        TestSocket socket = connect(person);
        Instant until = socket.principal().until();

        instance.clock().pass(Duration.ofMinutes(10));
        RouteAnswer bearer =
                instance.stranger().post("/api/auth/refresh", Map.of("refreshToken", registered.text("refreshToken")));
        JsonNode renewed = socket.ask("auth:renew", Map.of("token", bearer.text("accessToken")));
        assertThat(renewed.get("ok").booleanValue()).isTrue();
        assertThat(renewed.get("expiresAt").stringValue()).isEqualTo(bearer.text("expiresAt"));
        assertThat(socket.principal().until()).isAfter(until.plusSeconds(9 * 60));

        instance.clock().pass(Duration.ofMinutes(10));
        RouteAnswer browser = instance.stranger()
                .post("/api/auth/refresh", Map.of("refreshToken", bearer.text("refreshToken"), "cookies", true));
        JsonNode again = socket.ask("auth:renew", Map.of("token", browser.text("socketToken")));
        assertThat(again.get("expiresAt").stringValue()).isEqualTo(browser.text("expiresAt"));
        assertThat(socket.principal().until()).isAfter(until.plusSeconds(19 * 60));

        assertThat(code(socket.ask("auth:renew", Map.of("token", bob.token())))).isIn("token_expired", "forbidden");
        assertThat(code(socket.ask("auth:renew", Map.of("token", "x")))).isEqualTo("unauthenticated");
        assertThat(code(socket.ask("auth:renew", Map.of()))).isEqualTo("bad_request");
        instance.clock().pass(Duration.ofMinutes(3));
        assertThat(code(socket.ask("auth:renew", Map.of("token", browser.text("socketToken")))))
                .isEqualTo("token_expired");
    }

    @Test
    void somebodyElsesTokenDoesNotRenew() {
        assertThat(code(connect(ann).ask("auth:renew", Map.of("token", bob.token()))))
                .isEqualTo("forbidden");
    }

    @Test
    void messagesAreSentEditedReadAndDeleted() {
        String conversation = Talk.direct(ann, bob);
        TestSocket anns = connect(ann);
        TestSocket bobs = connect(bob);

        Map<String, Object> draft = Map.of("conversation", conversation, "id", "one", "text", "helo");
        JsonNode sent = anns.ask("message:send", draft);
        assertThat(sent.get("ok").booleanValue()).isTrue();
        assertThat(sent.get("seq").longValue()).isEqualTo(1);
        assertThat(sent.get("id").stringValue()).isEqualTo("one");
        assertThat(sent.get("repeated").booleanValue()).isFalse();
        assertThat(Instant.parse(sent.get("at").stringValue()))
                .isBeforeOrEqualTo(Instant.now().plusSeconds(60));
        assertThat(anns.ask("message:send", draft).get("repeated").booleanValue())
                .isTrue();

        Map<String, Object> place = Map.of("conversation", conversation, "seq", 1);
        JsonNode edited = anns.ask("message:edit", Map.of("conversation", conversation, "seq", 1, "text", "hello"));
        assertThat(edited.get("seq").longValue()).isEqualTo(2);
        assertThat(Talk.texts(bob, conversation, "")).containsExactly("hello");
        assertThat(bobs.ask("conversation:read", place).get("ok").booleanValue())
                .isTrue();
        Map<String, Object> reaction = Map.of("conversation", conversation, "seq", 1, "emoji", "👍");
        assertThat(bobs.ask("reaction:add", reaction).get("reactions"))
                .hasToString("[{\"emoji\":\"👍\",\"count\":1,\"own\":true}]");
        assertThat(bobs.ask("reaction:remove", reaction).get("reactions")).isEmpty();
        assertThat(code(bobs.ask("message:delete", place))).isEqualTo("forbidden");
        assertThat(anns.ask("message:delete", place).get("seq").longValue()).isEqualTo(6);
    }

    @Test
    void typingIsToldToTheOthersAndNotTooOften() {
        String group = Talk.group(ann, bob);
        TestSocket anns = connect(ann);
        TestSocket tab = connect(ann);
        TestSocket bobs = connect(bob);
        TestSocket strangers = connect(instance.person());

        for (int i = 0; i < 5; i++) {
            assertThat(anns.ask("typing", Map.of("conversation", group))
                            .get("ok")
                            .booleanValue())
                    .isTrue();
        }

        assertThat(bobs.got())
                .hasSize(1)
                .first()
                .satisfies(message -> assertThat(message)
                        .startsWith("typing ")
                        .contains("\"conversation\":\"" + group + "\"", "\"user\":\"" + ann.id() + "\""));
        assertThat(Stream.of(anns, tab, strangers).flatMap(socket -> socket.got().stream()))
                .isEmpty();
        assertThat(code(strangers.ask("typing", Map.of("conversation", group)))).isEqualTo("not_found");
    }

    @Test
    void followingBringsWhatOneIsEntitledTo() {
        String conversation = Talk.direct(ann, bob);
        TestSocket socket = connect(ann);

        Map<String, @Nullable Object> fromNow = new HashMap<>();
        fromNow.put("token", null);
        assertThat(socket.ask("follow", fromNow).get("ok").booleanValue()).isTrue();

        assertThat(Objects.requireNonNull(socket.followed()).streams())
                .containsOnlyKeys(new StreamName("user:" + ann.id()), new StreamName("conversation:" + conversation));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("message:send", null, "bad_request"),
                Arguments.of("message:send", "text", "bad_request"),
                Arguments.of("message:send", List.of(), "bad_request"),
                Arguments.of("message:send", Map.of(), "bad_request"),
                Arguments.of("message:send", Map.of("conversation", "x", "id", "1", "text", "\0"), "bad_request"),
                Arguments.of("message:send", Map.of("conversation", "x", "id", "1", "text", "x"), "not_found"),
                Arguments.of("message:send", Map.of("conversation", "a:b", "id", "1", "text", "x"), "not_found"),
                Arguments.of("message:edit", Map.of("conversation", "x", "seq", 1, "text", "x"), "not_found"),
                Arguments.of("message:edit", Map.of("conversation", "x", "seq", "one", "text", "x"), "bad_request"),
                Arguments.of("message:delete", Map.of("conversation", "x", "seq", -1), "bad_request"),
                Arguments.of("message:delete", Map.of("conversation", "x", "seq", 1), "not_found"),
                Arguments.of("conversation:read", Map.of("conversation", "x", "seq", 1), "not_found"),
                Arguments.of("conversation:read", Map.of("seq", 1), "bad_request"),
                Arguments.of("reaction:add", Map.of("conversation", "x", "seq", 1), "bad_request"),
                Arguments.of("reaction:add", Map.of("conversation", "x", "seq", 1, "emoji", "yes"), "bad_request"),
                Arguments.of("reaction:remove", Map.of("conversation", "x", "seq", 1, "emoji", "👍"), "not_found"),
                Arguments.of("typing", Map.of(), "bad_request"),
                Arguments.of("typing", Collections.singletonMap("conversation", null), "bad_request"),
                Arguments.of("follow", "x", "bad_request"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNotAllowedIsAnsweredWithItsCode(String event, @Nullable Object data, String code) {
        assertThat(code(connect(ann).ask(event, data))).isEqualTo(code);
    }

    private TestSocket connect(Person person) {
        return namespace.connect(Map.of("token", person.token()), Map.of());
    }

    private void assertRefused(Map<String, Object> auth, ErrorCode code) {
        assertThatThrownBy(() -> namespace.connect(auth, Map.of()))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
    }

    private static String code(JsonNode acknowledgement) {
        return acknowledgement.get("error").get("code").stringValue();
    }
}
