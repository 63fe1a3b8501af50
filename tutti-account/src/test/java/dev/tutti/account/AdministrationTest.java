package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.postgres.sql.Database;
import dev.tutti.testkit.fixture.MovedClock;
import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.TestRoutes;
import dev.tutti.testkit.fixture.Together;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What administrators do with the accounts of others, at two instances that do not hear each other. */
class AdministrationTest {
    private static final String USERS = "/api/server/users";
    private static final String NEXT = "a kettle of quiet herons";

    private final AccountInstance here = new AccountInstance();
    private final AccountInstance there =
            new AccountInstance(AccountInstance.SETTINGS.withRegistration(RegistrationPolicy.INVITE), System::nanoTime);
    private final Person admin = here.person();
    private final Person ann = here.person();

    AdministrationTest() {
        AccountDatabase.execute("update tutti.user set admin = true where id = '" + admin.id() + "'");
    }

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    @RepeatedTest(3)
    void oneOfAllWhoComeFirstToAnEmptyServerAdministersIt() {
        DataSource empty =
                AccountDatabase.empty("first_" + UUID.randomUUID().toString().substring(0, 8));
        new AccountSchema().migrate(empty);
        try (Accounts one = new Accounts(
                        empty,
                        AccountInstance.SETTINGS,
                        new MovedClock(Clock.systemUTC()),
                        Mailer.toLog(),
                        System::nanoTime);
                Accounts other = new Accounts(
                        empty,
                        AccountInstance.SETTINGS,
                        new MovedClock(Clock.systemUTC()),
                        Mailer.toLog(),
                        System::nanoTime)) {
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
    void theFirstAccountThatAnOperatorMakesAdministersNothing() {
        DataSource empty =
                AccountDatabase.empty("made_" + UUID.randomUUID().toString().substring(0, 8));
        new AccountSchema().migrate(empty);
        Database database = new Database(empty);
        User made = new User("0123456789abcdef01234567", "made", "Made");

        boolean admin = database.transaction(connection -> {
            assertThat(UserStore.add(connection, made, "no hash", false)).isTrue();
            return UserStore.profile(connection, made.id()).orElseThrow().admin();
        });

        assertThat(admin).isFalse();
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
    void theSessionsOfAnAccountThatIsNotThereAreNotFound() {
        for (String id : List.of(Ids.next(), "nobody")) {
            assertThat(admin.post(USERS + "/" + id + "/logout", Map.of()).code())
                    .isEqualTo("not_found");
        }
        assertThat(admin.delete(USERS + "/" + ann.id()).status()).isEqualTo(204);
        assertThat(admin.post(USERS + "/" + ann.id() + "/logout", Map.of()).code())
                .as("it was deleted")
                .isEqualTo("not_found");
    }

    @Test
    void whereNobodyRegistersAnOperatorMakesAccountsWhoseOwnersSetThePassword() {
        AccountSettings settings = AccountInstance.SETTINGS.withRegistration(RegistrationPolicy.CLOSED);
        try (AccountInstance closed = new AccountInstance(settings, System::nanoTime)) {
            Person operator = admin.at(closed);
            String name = "m." + ann.name();
            Map<String, Object> wish = Map.of("name", name.toUpperCase(Locale.ROOT), "displayName", "Made");
            assertThat(ann.at(closed).post(USERS, wish).code()).isEqualTo("forbidden");

            RouteAnswer made = operator.post(USERS, wish);

            assertThat(made.status()).isEqualTo(201);
            assertThat(made.json().get("user").get("name").stringValue()).isEqualTo(name);
            assertThat(made.json().get("user").get("displayName").stringValue()).isEqualTo("Made");
            JsonNode link = made.json().get("passwordLink");
            String token = link.get("token").stringValue();
            assertThat(link.get("link").stringValue()).endsWith("mail.html#reset=" + token);
            assertThat(Instant.parse(link.get("expiresAt").stringValue()))
                    .isBetween(
                            Instant.now().plusSeconds(23 * 3_600), Instant.now().plusSeconds(25 * 3_600));
            assertThat(set(token, "password").code()).isEqualTo("bad_request");
            assertThat(set(token, NEXT).status()).isEqualTo(204);
            assertThat(set(token, NEXT).code()).isEqualTo("forbidden");
            assertThat(loggedIn(name, NEXT).status()).isEqualTo(200);

            assertThat(operator.post(USERS, wish).code()).isEqualTo("conflict");
            assertThat(operator.post(USERS, Map.of("name", name + "2", "password", "password"))
                            .code())
                    .isEqualTo("bad_request");
            assertThat(operator.post(USERS, Map.of("name", name + "2", "hours", 169))
                            .code())
                    .isEqualTo("bad_request");
            RouteAnswer second = operator.post(USERS, Map.of("name", name + "2", "password", NEXT));
            assertThat(second.json().get("passwordLink").isNull()).isTrue();
            assertThat(loggedIn(name + "2", NEXT).status()).isEqualTo(200);
        }
    }

    @Test
    void anOperatorsLinkReplacesAPasswordWhenItIsUsed() {
        String first = link();
        String second = link();
        assertThat(set(first, NEXT).code()).as("a newer one voids it").isEqualTo("forbidden");
        assertThat(login("password of " + ann.name()).status())
                .as("the password is what it was")
                .isEqualTo(200);

        assertThat(set(second, NEXT).status()).isEqualTo(204);

        assertThat(ann.get("/api/account").code()).isEqualTo("session_revoked");
        assertThat(login("password of " + ann.name()).code()).isEqualTo("unauthenticated");
        assertThat(login(NEXT).status()).isEqualTo(200);
    }

    @Test
    void anOperatorsLinkIsGoodForItsTimeAndUntilThePasswordIsChangedOrTheAccountDisabled() {
        String late = link();
        AccountDatabase.execute("update tutti.password_link set expires_at = now() where user_id = '" + ann.id() + "'");
        assertThat(set(late, NEXT).code()).isEqualTo("forbidden");

        String before = link();
        Map<String, Object> change = Map.of("currentPassword", "password of " + ann.name(), "password", NEXT);
        assertThat(ann.post("/api/account/password", change).status()).isEqualTo(204);
        assertThat(set(before, "an owl of early mornings").code()).isEqualTo("forbidden");

        String ofDisabled = link();
        change(ann, Map.of("disabled", true));
        assertThat(set(ofDisabled, NEXT).code()).isEqualTo("forbidden");
        assertThat(admin.post(USERS + "/" + ann.id() + "/reset", Map.of()).code())
                .isEqualTo("conflict");
        change(ann, Map.of("disabled", false));
        assertThat(set(ofDisabled, NEXT).code()).isEqualTo("forbidden");

        assertThat(ann.post(USERS + "/" + ann.id() + "/reset", Map.of()).status())
                .isIn(401, 403);
        assertThat(admin.post(USERS + "/" + Ids.next() + "/reset", Map.of()).code())
                .isEqualTo("not_found");
    }

    private String link() {
        RouteAnswer made = admin.post(USERS + "/" + ann.id() + "/reset", Map.of());
        assertThat(made.status()).isEqualTo(201);
        return made.text("token");
    }

    private RouteAnswer set(String token, String password) {
        return here.stranger().post("/api/auth/reset/confirm", Map.of("token", token, "password", password));
    }

    private RouteAnswer loggedIn(String name, String password) {
        return there.stranger().post("/api/auth/login", Map.of("name", name, "password", password));
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
        AccountDatabase.execute("update tutti.server_invitation set expires_at = now() where id <> '" + id + "'");

        assertThat(register("a".repeat(43), "guest").code()).isEqualTo("forbidden");
        assertThat(register("short", "guest").code()).isEqualTo("forbidden");
        assertThat(register(other, "guest").code()).isEqualTo("forbidden");
        assertThat(register(made.text("token"), ann.name()).code()).isEqualTo("conflict"); // and uses nothing up
        assertThat(admin.delete("/api/server/invitations/" + id).status()).isEqualTo(204);
        assertThat(register(made.text("token"), "guest").code()).isEqualTo("forbidden");
    }

    @Test
    void aFormIsToldWhoMayRegister() {
        AccountSettings closed = AccountInstance.SETTINGS.withRegistration(RegistrationPolicy.CLOSED);
        try (AccountInstance elsewhere = new AccountInstance(closed)) {
            assertThat(registration(here)).isEqualTo("open");
            assertThat(registration(there)).isEqualTo("invite");
            assertThat(registration(elsewhere)).isEqualTo("closed");
        }
    }

    private static String registration(AccountInstance instance) {
        return instance.stranger().get("/api/auth/registration").text("registration");
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
        TestRoutes routes = AccountInstance.newRoutes();
        accounts.routes(routes);
        return routes;
    }
}
