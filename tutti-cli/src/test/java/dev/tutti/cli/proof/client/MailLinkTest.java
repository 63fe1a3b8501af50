package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Where the links of mails lead; a server without SMTP writes them to its log. */
class MailLinkTest extends AbstractPageTest {
    private static final String NEXT = "a kettle of quiet herons";

    @Test
    void anAddressIsConfirmedAndAPasswordSetByKeyboard() throws Exception {
        try (ServerApi api = new ServerApi(server.launch().address());
                PagePerson visitor = visitor("visitor.")) {
            Account ann = api.register("ann.");
            String email = ann.name() + "@example.com";
            Map<String, String> wish = Map.of("email", email, "password", Account.PASSWORD);
            assertThat(server.output()).contains("SMTP_URL is not set");
            assertThat(api.send("PUT", "/api/account/email", ann, wish).status())
                    .isEqualTo(202);

            open(visitor.page, "email");
            visitor.at("mail-submit").press("Enter");
            assertThat(visitor.at("mail-done")).hasText("Your e-mail address is confirmed.");

            assertThat(api.send("POST", "/api/auth/reset", null, Map.of("email", email))
                            .status())
                    .isEqualTo(202);
            open(visitor.page, "reset");
            assertThat(visitor.page.url()).doesNotContain("#"); // not in the history of the browser
            visitor.page.keyboard().press("Tab");
            visitor.page.keyboard().type("monkey12");
            visitor.page.keyboard().press("Enter");
            assertThat(visitor.at("mail-error")).containsText("too easy to guess");
            visitor.at("new-password").fill(NEXT);
            visitor.page.keyboard().press("Enter");
            assertThat(visitor.at("mail-done")).containsText("Your password is set");

            assertThat(api.send("GET", "/api/account", ann, null).error()).isEqualTo("session_revoked");
            Map<String, String> entry = Map.of("name", ann.name(), "password", NEXT);
            assertThat(api.send("POST", "/api/auth/login", null, entry).status())
                    .isEqualTo(200);
        }
    }

    private void open(Page page, String purpose) {
        Pattern link = Pattern.compile("http://localhost:\\d+/mail\\.html#" + purpose + "=[A-Za-z0-9_-]{43}");
        String found = await().atMost(PATIENCE)
                .until(
                        () -> link.matcher(server.output())
                                .results()
                                .map(MatchResult::group)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        page.navigate(found);
        page.getByTestId("mail-submit").waitFor();
    }
}
