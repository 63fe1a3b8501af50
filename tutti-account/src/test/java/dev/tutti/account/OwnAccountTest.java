package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody does with their own account, at two instances that do not hear each other. */
class OwnAccountTest extends AbstractTwoInstancesTest {
    private static final String NEXT = "a kettle of quiet herons";

    @Test
    void aNewPasswordEndsAllOtherSessionsEverywhere() {
        Person phone = ann.with(login(ann, passwordOf(ann)).text("accessToken"));
        assertThat(phone.at(there).get("/api/account").status()).isEqualTo(200); // is remembered now

        assertThat(change(passwordOf(ann), NEXT).status()).isEqualTo(204);

        assertThat(ann.get("/api/account").status()).isEqualTo(200);
        assertThat(phone.get("/api/account").code()).isEqualTo("session_revoked");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> phone.at(there).get("/api/account").code().equals("session_revoked"));
        assertThat(login(ann, passwordOf(ann)).code()).isEqualTo("unauthenticated");
        assertThat(login(ann, NEXT).status()).isEqualTo(200);
    }

    @Test
    void theCurrentPasswordIsDemandedForThePasswordAndTheEndOfTheAccount() {
        assertThat(change("not this one", NEXT).code()).isEqualTo("forbidden");
        assertThat(change("not this one", "password1").code())
                .as("the new one is not looked at before the current one")
                .isEqualTo("forbidden");
        assertThat(ann.post("/api/account/delete", Map.of("password", "not this one"))
                        .code())
                .isEqualTo("forbidden");
        assertThat(change(passwordOf(ann), "password1").code()).isEqualTo("bad_request");

        assertThat(login(ann, passwordOf(ann)).status()).isEqualTo(200);
    }

    /** A login that has compared the old password, and is not there yet, must not stay. */
    @Test
    void noLoginWithTheOldPasswordSurvivesTheNewOne() {
        List<RouteAnswer> answers =
                Together.run(12, i -> i == 6 ? change(passwordOf(ann), NEXT) : login(ann, passwordOf(ann)));

        assertThat(answers.get(6).status()).isEqualTo(204);
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 200)
                .allSatisfy(answer -> assertThat(ann.with(answer.text("accessToken"))
                                .get("/api/account")
                                .code())
                        .isEqualTo("session_revoked"));
        assertThat(ann.get("/api/sessions").json().get("sessions")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "monkey12, common password",
        "qwertyuiop, common password",
        "19841984, guess",
        "abcabcabc, Repeats",
        "'hgfedcba', Sequences",
    })
    void whatIsWrongWithAPasswordIsTold(String weak, String reason) {
        RouteAnswer answer = change(passwordOf(ann), weak);

        assertThat(answer.code()).isEqualTo("bad_request");
        assertThat(answer.json().get("error").get("message").stringValue())
                .startsWith("password is too easy to guess.")
                .contains(reason);
    }

    @Test
    void aLongPasswordIsTaken() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 250; i++) {
            text.append((char) ('!' + i * 37 % 90));
        }

        assertThat(change(passwordOf(ann), text.toString()).status()).isEqualTo(204);
    }

    @Test
    void peopleSayWhoTheyAre() {
        RouteAnswer changed = ann.patch("/api/account", Map.of("displayName", " Ann B. ", "about", "Birds.\nBoats."));

        assertThat(changed.json().get("displayName").stringValue()).isEqualTo("Ann B.");
        assertThat(ann.at(there).get("/api/account").json()).isEqualTo(changed.json());
        assertThat(changed.json().get("about").stringValue()).isEqualTo("Birds.\nBoats.");
        assertThat(changed.json().get("admin").booleanValue()).isFalse();
        ann.patch("/api/account", Map.of("about", ""));
        assertThat(ann.get("/api/account").json().get("about").stringValue()).isEmpty();
    }

    @Test
    void aDeletedAccountLeavesARowWithNothingOfThePersonInIt() {
        ann.patch("/api/account", Map.of("about", "Birds."));

        assertThat(delete().status()).isEqualTo(204);

        assertThat(ann.get("/api/account").code()).isEqualTo("session_revoked");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ann.at(there).get("/api/account").code().equals("session_revoked"));
        assertThat(login(ann, passwordOf(ann)).code()).isEqualTo("unauthenticated");
        assertThat(AccountDatabase.value(
                        "select concat_ws('|', name, display_name, search_name, password_hash, about, email, admin)"
                                + " || (select count(*) from tutti.user_session where user_id = id)"
                                + " from tutti.user where id = '" + ann.id() + "'"))
                .isEqualTo("deleted:" + ann.id() + "|Deleted account||||f0");
        assertThat(tablesThatKnow(ann)).isEmpty();
        assertThat(here.person(ann.name()).id()).isNotEqualTo(ann.id()); // the name is free again
    }

    @Test
    void aDeletedAccountGetsNothingAtAnInstanceThatHasNotHeardOfIt() {
        Person bob = here.person();
        try (AccountInstance late = new AccountInstance(AccountInstance.SETTINGS, () -> 0)) {
            assertThat(ann.at(late).get("/api/account").status()).isEqualTo(200); // is remembered there from now on
            assertThat(delete().status()).isEqualTo(204);

            assertThat(ann.at(late)
                            .patch("/api/preferences", Map.of("preferences", Map.of("dark", true)))
                            .code())
                    .isEqualTo("not_found");
            assertThat(ann.at(late).call("PUT", "/api/blocks/" + bob.id(), null).code())
                    .isEqualTo("not_found");
        }

        assertThat(tablesThatKnow(ann)).isEmpty();
        assertThat(AccountDatabase.value(
                        "select count(*) from tutti.preferences where holder = 'user:" + ann.id() + "'"))
                .isEqualTo("0");
    }

    @Test
    void aDeletionWaitsForWhatHoldsTheAccount() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection holding = AccountDatabase.shared().getConnection()) {
            holding.setAutoCommit(false);
            assertThat(Accounts.hold(holding, ann.id())).isTrue();
            Future<RouteAnswer> deletion = threads.submit(this::delete);
            await().until(() -> AccountDatabase.value("select exists (select from pg_locks where not granted)")
                    .equals("t"));
            assertThat(deletion).isNotDone();

            holding.commit();

            assertThat(deletion.get(30, TimeUnit.SECONDS).status()).isEqualTo(204);
            assertThat(Accounts.hold(holding, ann.id())).isFalse();
            assertThat(Accounts.hold(holding, "somebody of another issuer")).isTrue();
        }
    }

    private RouteAnswer delete() {
        return ann.post("/api/account/delete", Map.of("password", passwordOf(ann)));
    }

    /** The tables that have a row of this person. */
    private static List<String> tablesThatKnow(Person person) {
        String tables = AccountDatabase.value("""
                select string_agg(table_name, ',' order by table_name) from information_schema.columns
                where table_schema = 'tutti' and column_name = 'user_id'
                """);
        return Stream.of(tables.split(","))
                .filter(table -> AccountDatabase.value(
                                "select exists (select from tutti." + table + " where user_id = '" + person.id() + "')")
                        .equals("t"))
                .toList();
    }

    private RouteAnswer change(String current, String next) {
        return ann.post("/api/account/password", Map.of("currentPassword", current, "password", next));
    }

    private static String passwordOf(Person person) {
        return "password of " + person.name();
    }

    private RouteAnswer login(Person person, String password) {
        return here.stranger().post("/api/auth/login", Map.of("name", person.name(), "password", password));
    }
}
