package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The e-mail address of an account for which an operator makes a link to set the password. */
class OperatorLinkTest {
    private static final String USERS = "/api/server/users";
    private static final String NEXT = "a kettle of quiet herons";

    private final AccountInstance here = new AccountInstance();
    private final Person admin = here.person();
    private final Person ann = here.person();
    private final String email = ann.name() + "@example.com";

    OperatorLinkTest() {
        AccountDatabase.execute("update tutti.user set admin = true where id = '" + admin.id() + "'");
    }

    @AfterEach
    void close() {
        here.close();
    }

    @Test
    void theAddressIsToldOfTheLinkAndOfItsUse() throws InterruptedException {
        haveAddress(ann, email);

        String token = link(ann, Map.of());
        Mail made = mail();
        assertThat(made.to()).isEqualTo(email);
        assertThat(made.subject()).isEqualTo("A link to set a new password");
        assertThat(made.text()).contains(ann.name()).doesNotContain(token, "#reset=");

        assertThat(set(token).status()).isEqualTo(204);
        Mail used = mail();
        assertThat(used.to()).isEqualTo(email);
        assertThat(used.subject()).isEqualTo("Your password was set");
        assertThat(used.text()).contains(ann.name());
    }

    @Test
    void nobodyIsToldWhereThereIsNoAddress() throws InterruptedException {
        assertThat(set(link(ann, Map.of())).status()).isEqualTo(204);

        Person bob = here.person();
        haveAddress(bob, bob.name() + "@example.com");
        assertThat(link(bob, Map.of())).hasSize(43);

        assertThat(mail().to()).isEqualTo(bob.name() + "@example.com");
        assertThat(here.mails()).isEmpty();
    }

    @Test
    void aThiefIsOutOfACompromisedAccountAtOnceAndForGood() throws InterruptedException {
        haveAddress(ann, email); // the thief's
        requestReset(email);
        String mailed = token(mail());
        assertThat(ann.call("PUT", "/api/account/email", Map.of("email", "x" + email, "password", password()))
                        .status())
                .isEqualTo(202);
        String address = token(mail());

        String token = link(ann, Map.of("compromised", true));

        Mail removed = mail();
        assertThat(removed.to()).isEqualTo(email);
        assertThat(removed.subject()).isEqualTo("Your e-mail address was removed");
        assertThat(ann.get("/api/account").code()).isEqualTo("session_revoked");
        assertThat(login(password()).code()).isEqualTo("unauthenticated");
        assertThat(set(mailed).code()).isEqualTo("forbidden");
        assertThat(here.stranger()
                        .post("/api/auth/email/confirm", Map.of("token", address))
                        .code())
                .isEqualTo("forbidden");

        assertThat(set(token).status()).isEqualTo(204);

        RouteAnswer owner = login(NEXT);
        assertThat(owner.status()).isEqualTo(200);
        assertThat(ann.with(owner.text("accessToken"))
                        .get("/api/account")
                        .json()
                        .get("email")
                        .isNull())
                .isTrue();
        AccountDatabase.execute("delete from tutti.mail_token where user_id = '" + ann.id() + "'"); // a minute later
        requestReset(email);
        Person bob = here.person();
        haveAddress(bob, bob.name() + "@example.com");
        requestReset(bob.name() + "@example.com");
        assertThat(mail().to()).isEqualTo(bob.name() + "@example.com"); // who asked behind the thief
    }

    @Test
    void withoutThatTheAddressStays() throws InterruptedException {
        haveAddress(ann, email);
        String token = link(ann, Map.of("compromised", false));
        assertThat(mail().to()).isEqualTo(email);

        assertThat(ann.get("/api/account").text("email")).isEqualTo(email);
        assertThat(login(password()).status()).isEqualTo(200);
        assertThat(set(token).status()).isEqualTo(204);
        assertThat(mail().to()).isEqualTo(email);
        requestReset(email);
        assertThat(token(mail())).hasSize(43);
    }

    @Test
    void onlyAnAccountThatIsThereAndEnabledIsRecovered() {
        Map<String, Object> wish = Map.of("compromised", true);
        assertThat(admin.post(USERS + "/" + Ids.next() + "/reset", wish).code()).isEqualTo("not_found");
        assertThat(admin.post(USERS + "/" + ann.id() + "/reset", Map.of("compromised", "perhaps"))
                        .code())
                .isEqualTo("bad_request");
        assertThat(admin.patch(USERS + "/" + ann.id(), Map.of("disabled", true)).status())
                .isEqualTo(200);

        assertThat(admin.post(USERS + "/" + ann.id() + "/reset", wish).code()).isEqualTo("conflict");

        assertThat(admin.patch(USERS + "/" + ann.id(), Map.of("disabled", false))
                        .status())
                .isEqualTo(200);
        assertThat(login(password()).status()).as("nothing has changed").isEqualTo(200);
    }

    private static void haveAddress(Person person, String address) {
        AccountDatabase.execute("update tutti.user set email = '" + address + "' where id = '" + person.id() + "'");
    }

    private String link(Person person, Map<String, Object> wish) {
        RouteAnswer made = admin.post(USERS + "/" + person.id() + "/reset", wish);
        assertThat(made.status()).isEqualTo(201);
        return made.text("token");
    }

    private String password() {
        return "password of " + ann.name();
    }

    private RouteAnswer set(String token) {
        return here.stranger().post("/api/auth/reset/confirm", Map.of("token", token, "password", NEXT));
    }

    private RouteAnswer login(String password) {
        return here.stranger().post("/api/auth/login", Map.of("name", ann.name(), "password", password));
    }

    private void requestReset(String address) {
        assertThat(here.stranger()
                        .post("/api/auth/reset", Map.of("email", address))
                        .status())
                .isEqualTo(202);
    }

    private Mail mail() throws InterruptedException {
        Mail mail = here.mails().poll(10, TimeUnit.SECONDS);
        assertThat(mail).isNotNull();
        return Objects.requireNonNull(mail);
    }

    /** The token of the link in a mail. */
    private static String token(Mail mail) {
        return mail.text().replaceFirst("(?s).*#\\w+=(\\S{43})\n.*", "$1");
    }
}
