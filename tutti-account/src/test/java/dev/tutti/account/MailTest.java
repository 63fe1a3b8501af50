package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import dev.tutti.testkit.fixture.Together;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Addresses and new passwords by mail, at two instances that do not hear each other. */
class MailTest {
    private static final String NEXT = "a kettle of quiet herons";
    private static final Pattern LINK = Pattern.compile("https://chat\\.example\\.com/mail\\.html#(\\w+)=(\\S{43})\n");
    private static final AccountSettings SETTINGS =
            AccountInstance.SETTINGS.withPage(URI.create("https://chat.example.com/"));

    private final AccountInstance here = new AccountInstance(SETTINGS);
    private final AccountInstance there = new AccountInstance(SETTINGS);
    private final Person ann = here.person();
    private final String email = ann.name() + "@example.com";

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    @Test
    void aLostPasswordIsReplacedByMailOnceAndEndsAllSessions() {
        haveAddress();
        assertThat(ann.at(there).get("/api/account").status()).isEqualTo(200); // is remembered now
        String token = requestReset(here, email.toUpperCase(Locale.ROOT));

        List<RouteAnswer> answers = Together.run(4, i -> reset(token, NEXT));

        assertThat(answers).filteredOn(answer -> answer.status() == 204).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 204)
                .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("forbidden"));
        assertThat(ann.get("/api/account").code()).isEqualTo("session_revoked");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ann.at(there).get("/api/account").code().equals("session_revoked"));
        assertThat(login("password of " + ann.name()).code()).isEqualTo("unauthenticated");
        assertThat(login(NEXT).status()).isEqualTo(200);
    }

    @Test
    void theAnswerDoesNotTellWhetherAnybodyHasTheAddress() {
        haveAddress();

        RouteAnswer known = here.stranger().post("/api/auth/reset", Map.of("email", email));
        RouteAnswer unknown = here.stranger().post("/api/auth/reset", Map.of("email", "x" + email));

        assertThat(known.status()).isEqualTo(202);
        assertThat(unknown).isEqualTo(known);
        assertThat(mail(here).to()).isEqualTo(email);
        assertThat(here.mails()).isEmpty();
    }

    @Test
    void oneMailAMinuteIsSentWhicheverInstanceIsAsked() {
        haveAddress();
        String first = requestReset(here, email);

        there.stranger().post("/api/auth/reset", Map.of("email", email));
        Person bob = there.person();
        assertThat(setAddress(bob, bob.name() + "@example.com").status()).isEqualTo(202);

        assertThat(mail(there).to()).isEqualTo(bob.name() + "@example.com");
        assertThat(setAddress(bob, "other@example.com").code()).isEqualTo("rate_limited");
        passMinutes(1);
        String second = requestReset(there, email);
        assertThat(reset(first, NEXT).status()).isEqualTo(204); // a stranger who asks again voids nothing
        assertThat(reset(second, NEXT).code()).isEqualTo("forbidden"); // with the first one
    }

    @Test
    void strangersHaveFourMailsAnHourSentAndEachIsGoodForItsHour() {
        haveAddress();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sent.add(requestReset(i % 2 == 0 ? here : there, email));
            passMinutes(10);
        }
        assertNoResetIsSent();
        passMinutes(19); // since the first: 59
        assertNoResetIsSent();
        passMinutes(2);
        sent.add(requestReset(here, email));
        assertNoResetIsSent();

        assertThat(reset(sent.getFirst(), NEXT).code()).isEqualTo("forbidden"); // its hour is over
        assertThat(reset(sent.get(1), NEXT).status()).isEqualTo(204);
        assertThat(reset(sent.get(2), NEXT).code()).isEqualTo("forbidden");
        assertThat(reset(sent.get(4), NEXT).code()).isEqualTo("forbidden");
    }

    @Test
    void aNewPasswordVoidsAllThatWereSentBefore() {
        haveAddress();
        String first = requestReset(here, email);
        passMinutes(1);
        String second = requestReset(here, email);

        assertThat(ann.post(
                                "/api/account/password",
                                Map.of("currentPassword", "password of " + ann.name(), "password", NEXT))
                        .status())
                .isEqualTo(204);
        passMinutes(1);
        String third = requestReset(here, email);

        assertThat(reset(first, NEXT).code()).isEqualTo("forbidden");
        assertThat(reset(second, NEXT).code()).isEqualTo("forbidden");
        assertThat(reset(third, "an owl of early mornings").status()).isEqualTo(204);
    }

    @Test
    void aLinkToAnAddressVoidsThoseToOthersWhichCountAllTheSame() {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sent.add(askForAddress(ann, i + email));
            passMinutes(1);
        }

        assertThat(setAddress(ann, email).code()).isEqualTo("rate_limited");
        assertThat(confirm(sent.getFirst()).code()).isEqualTo("forbidden");
        assertThat(confirm(sent.getLast()).status()).isEqualTo(204);
        assertThat(ann.get("/api/account").text("email")).isEqualTo(3 + email);
    }

    /** Ann is not sent a mail: that of somebody who asks behind her comes first. */
    private void assertNoResetIsSent() {
        here.stranger().post("/api/auth/reset", Map.of("email", email));
        Person other = here.person();
        askForAddress(other, other.name() + "@example.com");
    }

    /** Of the time since Ann was sent mails. */
    private void passMinutes(int minutes) {
        String past = " - interval '" + minutes + " minutes'";
        AccountDatabase.execute(
                "update tutti.mail_token set created_at = created_at" + past + ", expires_at = expires_at"
                        + past + ", former_expiries = array(select until" + past
                        + " from unnest(former_expiries) as until) where user_id = '" + ann.id() + "'");
    }

    @Test
    void aLinkIsGoodForAnHourForItsPurposeAndTheAddressItWasSentTo() {
        String address = askForAddress(ann, email);
        assertThat(reset(address, NEXT).code()).isEqualTo("forbidden");
        AccountDatabase.execute("update tutti.mail_token set expires_at = now() where user_id = '" + ann.id() + "'");
        assertThat(confirm(address).code()).isEqualTo("forbidden");
        AccountDatabase.execute("delete from tutti.mail_token where user_id = '" + ann.id() + "'");
        haveAddress();
        String token = requestReset(here, email);

        assertThat(ann.post("/api/account/email/delete", Map.of("password", "not this one"))
                        .code())
                .isEqualTo("forbidden");
        assertThat(ann.post("/api/account/email/delete", Map.of("password", "password of " + ann.name()))
                        .status())
                .isEqualTo(204);

        assertThat(reset(token, NEXT).code()).isEqualTo("forbidden");
        assertThat(ann.get("/api/account").json().get("email").isNull()).isTrue();
    }

    @Test
    void anAddressIsToldThatItCountsNoMore() {
        haveAddress();
        String other = "other-" + email;

        assertThat(confirm(askForAnotherAddress(other)).status()).isEqualTo(204);

        assertThat(mail(there)).satisfies(mail -> {
            assertThat(mail.to()).isEqualTo(email);
            assertThat(mail.text()).contains(ann.name());
        });
        assertThat(confirm(askForAnotherAddress(other)).status()).isEqualTo(204);
        assertThat(ann.post("/api/account/email/delete", Map.of("password", "password of " + ann.name()))
                        .status())
                .isEqualTo(204);
        assertThat(mail(here).to()).isEqualTo(other);
        assertThat(there.mails()).isEmpty(); // the same address again is no news
    }

    @Test
    void aNewPasswordEndsTheLinksThatSomebodyElseHasAskedFor() {
        haveAddress();
        String kept = askForAnotherAddress("thief@example.com");
        String token = requestReset(here, email);
        assertThat(reset(token, NEXT).status()).isEqualTo(204);
        assertThat(confirm(kept).code()).isEqualTo("forbidden");

        Person bob = here.person();
        String bobs = askForAddress(bob, "thief-too@example.com");
        assertThat(bob.post(
                                "/api/account/password",
                                Map.of("currentPassword", "password of " + bob.name(), "password", NEXT))
                        .status())
                .isEqualTo(204);
        assertThat(confirm(bobs).code()).isEqualTo("forbidden");
    }

    /** A moment later, as one mail a minute is sent. */
    private String askForAnotherAddress(String address) {
        AccountDatabase.execute("delete from tutti.mail_token where user_id = '" + ann.id() + "'");
        return askForAddress(ann, address);
    }

    @Test
    void anAddressIsOfOneAccount() {
        haveAddress();
        Person bob = here.person();

        String token = askForAddress(bob, email); // only who reads the mail learns of it

        assertThat(confirm(token).code()).isEqualTo("conflict");
        assertThat(bob.get("/api/account").json().get("email").isNull()).isTrue();
    }

    @Test
    void neitherAWeakPasswordNorAWrongOneGetsAnywhere() {
        assertThat(ann.call("PUT", "/api/account/email", Map.of("email", email, "password", "not this one"))
                        .code())
                .isEqualTo("forbidden");
        haveAddress();
        String token = requestReset(here, email);

        assertThat(reset(token, "monkey12").code()).isEqualTo("bad_request");

        assertThat(reset(token, NEXT).status()).isEqualTo(204); // it is not used up
    }

    @Test
    void triesAreCountedByAddress() {
        LimitSettings few = new LimitSettings(3, 100_000, 100_000);
        try (AccountInstance strict = new AccountInstance(SETTINGS.withLimits(few), () -> 0)) {
            for (int i = 0; i < 3; i++) {
                assertThat(strict.stranger()
                                .post("/api/auth/reset/confirm", Map.of("token", "a".repeat(43), "password", NEXT))
                                .code())
                        .isEqualTo("forbidden");
            }
            assertThat(strict.stranger()
                            .post("/api/auth/reset", Map.of("email", email))
                            .code())
                    .isEqualTo("rate_limited");
        }
    }

    /** Else anybody who makes accounts could have any address flooded. */
    @Test
    void anAddressIsSentFiveLinksAnHourWhoeverAsks() {
        AtomicLong nanos = new AtomicLong();
        try (AccountInstance instance = new AccountInstance(SETTINGS, nanos::get)) {
            for (int i = 0; i < 5; i++) {
                assertThat(setAddress(instance.person(), email).status()).isEqualTo(202);
            }
            Person sixth = instance.person();
            assertThat(setAddress(sixth, email).code()).isEqualTo("rate_limited");
            assertThat(setAddress(sixth, "other-" + email).status()).isEqualTo(202);

            nanos.addAndGet(Duration.ofMinutes(12).toNanos());
            Person seventh = instance.person();
            assertThat(setAddress(seventh, email).status()).isEqualTo(202);
            assertThat(setAddress(seventh, email).code()).isEqualTo("rate_limited"); // an account is sent one a minute
        }
    }

    private void haveAddress() {
        assertThat(confirm(askForAddress(ann, email)).status()).isEqualTo(204);
        assertThat(ann.get("/api/account").text("email")).isEqualTo(email);
    }

    /** The token of the mail to somebody who is here. */
    private String askForAddress(Person person, String address) {
        assertThat(setAddress(person, address).status()).isEqualTo(202);
        return token(mail(here), "email");
    }

    private static RouteAnswer setAddress(Person person, String address) {
        return person.call(
                "PUT", "/api/account/email", Map.of("email", address, "password", "password of " + person.name()));
    }

    private RouteAnswer confirm(String token) {
        return there.stranger().post("/api/auth/email/confirm", Map.of("token", token));
    }

    private String requestReset(AccountInstance instance, String address) {
        assertThat(instance.stranger()
                        .post("/api/auth/reset", Map.of("email", address))
                        .status())
                .isEqualTo(202);
        return token(mail(instance), "reset");
    }

    private RouteAnswer reset(String token, String password) {
        return here.stranger().post("/api/auth/reset/confirm", Map.of("token", token, "password", password));
    }

    private RouteAnswer login(String password) {
        return here.stranger().post("/api/auth/login", Map.of("name", ann.name(), "password", password));
    }

    private static Mail mail(AccountInstance instance) {
        try {
            Mail mail = instance.mails().poll(10, TimeUnit.SECONDS);
            assertThat(mail).isNotNull();
            return Objects.requireNonNull(mail);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static String token(Mail mail, String purpose) {
        Matcher link = LINK.matcher(mail.text());
        assertThat(link.find()).as(mail.text()).isTrue();
        assertThat(link.group(1)).isEqualTo(purpose);
        return link.group(2);
    }
}
