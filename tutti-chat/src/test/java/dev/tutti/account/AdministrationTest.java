package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.tutti.chat.ChatSchema;
import dev.tutti.chat.fixture.FeatureDatabase;
import dev.tutti.chat.fixture.Person;
import dev.tutti.chat.fixture.RouteAnswer;
import dev.tutti.chat.fixture.ShiftedClock;
import dev.tutti.chat.fixture.TestInstance;
import dev.tutti.chat.fixture.TestRoutes;
import dev.tutti.chat.fixture.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What administrators do with the accounts of others, at two instances that do not hear each other. */
class AdministrationTest {
    private final TestInstance here = new TestInstance();
    private final TestInstance there =
            new TestInstance(TestInstance.SETTINGS.withRegistration(RegistrationPolicy.INVITE), Ticker.systemTicker());
    private final Person admin = here.person();
    private final Person ann = here.person();

    AdministrationTest() {
        FeatureDatabase.execute("update tutti.user set admin = true where id = '" + admin.id() + "'");
    }

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    @RepeatedTest(3)
    void oneOfAllWhoComeFirstToAnEmptyServerAdministersIt() {
        DataSource empty =
                FeatureDatabase.empty("first_" + UUID.randomUUID().toString().substring(0, 8));
        new ChatSchema().migrate(empty);
        try (Accounts one = new Accounts(
                        empty, TestInstance.SETTINGS, new ShiftedClock(), Mailer.toLog(), Ticker.systemTicker());
                Accounts other = new Accounts(
                        empty, TestInstance.SETTINGS, new ShiftedClock(), Mailer.toLog(), Ticker.systemTicker())) {
            List<TestRoutes> both = List.of(routes(one), routes(other));

            List<Boolean> admins = Together.run(10, i -> {
                TestRoutes routes = both.get(i % 2);
                String token = routes.call(
                                "POST",
                                "/api/auth/register",
                                Map.of(),
                                "127.0.0.1",
                                Map.of("name", "person" + i, "password", "a kettle of quiet herons"))
                        .text("accessToken");
                return routes.call("GET", "/api/account", Map.of("authorization", "Bearer " + token), "127.0.0.1", null)
                        .json()
                        .get("admin")
                        .booleanValue();
            });

            assertThat(admins).containsOnlyOnce(true);
        }
    }

    @Test
    void administratorsMakeOthersAndUnmakeThem() {
        assertThat(ann.get("/api/server/users").code()).isEqualTo("forbidden");

        assertThat(change(ann, Map.of("admin", true)).json().get("admin").booleanValue())
                .isTrue();
        assertThat(ann.at(there).get("/api/server/users").status()).isEqualTo(200);

        change(ann, Map.of("admin", false));
        assertThat(ann.at(there).get("/api/server/users").code()).isEqualTo("forbidden");
    }

    @Test
    void aDisabledAccountIsOutEverywhereUntilItIsEnabled() {
        assertThat(ann.at(there).get("/api/account").status()).isEqualTo(200); // is remembered now

        assertThat(change(ann, Map.of("disabled", true)).json().get("disabled").booleanValue())
                .isTrue();

        assertThat(ann.get("/api/account").code()).isEqualTo("session_revoked");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ann.at(there).get("/api/account").code().equals("session_revoked"));
        assertThat(login("password of " + ann.name()).code()).isEqualTo("forbidden");
        assertThat(login("not this one").code()).isEqualTo("unauthenticated"); // nobody else learns of it

        change(ann, Map.of("disabled", false));
        assertThat(login("password of " + ann.name()).status()).isEqualTo(200);
    }

    @Test
    void accountsAreListedPageByPageAndFoundOneByOne() {
        List<String> ids = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            JsonNode page =
                    admin.get("/api/server/users?limit=500&after=" + after).json();
            page.get("users").forEach(user -> ids.add(user.get("id").stringValue()));
            more = page.get("more").booleanValue();
            after = ids.getLast();
        }

        assertThat(ids).contains(ann.id(), admin.id()).isSorted().doesNotHaveDuplicates();
        assertThat(admin.get("/api/server/users?name=" + ann.name()).text("id")).isEqualTo(ann.id());
        assertThat(admin.get("/api/server/users?id=" + ann.id()).text("name")).isEqualTo(ann.name());
        assertThat(admin.get("/api/server/users?id=nobody").code()).isEqualTo("not_found");
    }

    @Test
    void anAdministratorDeletesAnAccount() {
        assertThat(admin.delete("/api/server/users/" + ann.id()).status()).isEqualTo(204);

        assertThat(ann.get("/api/account").code()).isEqualTo("session_revoked");
        assertThat(admin.delete("/api/server/users/" + ann.id()).status())
                .as("once more, as it may have failed in the middle")
                .isEqualTo(204);
        assertThat(change(ann, Map.of("disabled", true)).code()).isEqualTo("not_found");
    }

    @Test
    void anInvitationIsGoodForAsManyAsItSays() {
        String token = invite(Map.of("uses", 3)).text("token");

        List<RouteAnswer> answers = Together.run(9, i -> register(token, "guest" + i + "." + ann.name()));

        assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(3);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 201)
                .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("forbidden"));
    }

    @Test
    void withoutAGoodInvitationNobodyGetsIn() {
        RouteAnswer made = invite(Map.of());
        String id = made.json().get("invitation").get("id").stringValue();
        assertThat(admin.get("/api/server/invitations")
                        .json()
                        .get("invitations")
                        .valueStream())
                .filteredOn(invitation -> invitation.get("id").stringValue().equals(id))
                .singleElement()
                .satisfies(invitation -> {
                    assertThat(invitation.get("usesLeft").intValue()).isEqualTo(1);
                    assertThat(invitation.get("createdBy").stringValue()).isEqualTo(admin.id());
                });
        String other = invite(Map.of()).text("token");
        FeatureDatabase.execute("update tutti.server_invitation set expires_at = now() where id <> '" + id + "'");

        assertThat(register("a".repeat(43), "guest").code()).isEqualTo("forbidden");
        assertThat(register("short", "guest").code()).isEqualTo("forbidden");
        assertThat(register(other, "guest").code()).isEqualTo("forbidden");
        assertThat(register(made.text("token"), ann.name()).code()).isEqualTo("conflict"); // and uses nothing up
        assertThat(admin.delete("/api/server/invitations/" + id).status()).isEqualTo(204);
        assertThat(register(made.text("token"), "guest").code()).isEqualTo("forbidden");
    }

    private RouteAnswer change(Person person, Map<String, Object> body) {
        return admin.patch("/api/server/users/" + person.id(), body);
    }

    private RouteAnswer invite(Map<String, Object> body) {
        return admin.post("/api/server/invitations", body);
    }

    private RouteAnswer register(String invitation, String name) {
        return there.stranger()
                .post(
                        "/api/auth/register",
                        Map.of("name", name, "password", "a kettle of quiet herons", "invitation", invitation));
    }

    private RouteAnswer login(String password) {
        return here.stranger().post("/api/auth/login", Map.of("name", ann.name(), "password", password));
    }

    private static TestRoutes routes(Accounts accounts) {
        TestRoutes routes = new TestRoutes();
        accounts.routes(routes);
        return routes;
    }
}
