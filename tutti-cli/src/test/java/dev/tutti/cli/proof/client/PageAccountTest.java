package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What people do at the page with their account. A server without SMTP writes the links of its mails to its log. */
class PageAccountTest extends AbstractPageTest {
    private static final String NOTIFICATION_KEEPER = """
            window.notified = [];
            window.Notification = class extends Notification {
              constructor(title, options) {
                super(title, options);
                window.notified.push(`${title}: ${options.body}`);
              }
            };
            """;
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

    @Test
    void profilePasswordDevicesAndBlockedPeopleAreInTheSettings() throws Exception {
        try (ServerApi api = new ServerApi(server.launch().address());
                PagePerson ann = visitor("ann.")) {
            ann.signUp();
            Account bob = api.register("bob.");
            ann.at("settings").click();
            ann.at("profile-name").fill("Ann of Cleves");
            ann.at("profile-about").fill("At sea until May");
            ann.at("profile-about").press("Tab");
            ann.page.keyboard().press("Enter");
            assertThat(ann.at("profile-form-done")).hasText("Saved.");
            assertThat(ann.at("me")).hasText("Ann of Cleves");
            ann.at("picture-file").setInputFiles(new FilePayload("ann.png", "image/png", picture()));
            assertThat(ann.page.locator("footer.me .avatar img")).isVisible();
            assertThat(api.get("/api/users?query=" + ann.name, bob)
                            .path("users")
                            .get(0)
                            .path("avatar")
                            .isString())
                    .isTrue();
            ann.seesNoBarriers();
            ann.at("picture-remove").click();
            assertThat(ann.page.locator("footer.me .avatar img")).hasCount(0);
            ann.at("picture-file")
                    .setInputFiles(
                            new FilePayload("ann.png", "image/png", "no picture".getBytes(StandardCharsets.UTF_8)));
            assertThat(ann.at("picture-error")).hasText("This picture cannot be read.");

            ann.at("topic-profile").press("ArrowDown");
            ann.page.keyboard().press("ArrowDown");
            ann.page.keyboard().press("Enter");
            assertThat(ann.at("session")).hasCount(1);
            assertThat(ann.at("session")).containsText("This device");
            assertThat(ann.at("end-others")).isHidden();
            Account phone = logIn(api, ann.name, "Ann's phone");
            Account tablet = logIn(api, ann.name, "Ann's tablet");
            Account tv = logIn(api, ann.name, "Television");
            ann.at("topic-devices").click();
            assertThat(ann.at("session")).hasCount(4);
            ann.at("session")
                    .filter(new Locator.FilterOptions().setHasText("phone"))
                    .getByTestId("end-session")
                    .click();
            assertThat(ann.at("session")).hasCount(3);
            assertThat(api.send("GET", "/api/account", phone, null).error()).isEqualTo("session_revoked");
            assertThat(api.get("/api/account", tablet).path("about").stringValue())
                    .isEqualTo("At sea until May");
            ann.at("end-others").click();
            assertThat(ann.at("session")).hasCount(1);
            assertThat(api.send("GET", "/api/account", tv, null).error()).isEqualTo("session_revoked");

            ann.seesNoBarriers();
            ann.at("topic-blocked").click();
            ann.at("block-search").fill(bob.name());
            ann.page
                    .locator("[data-testid=person-result][data-name='" + bob.name() + "']")
                    .click();
            assertThat(ann.at("blocked")).containsText(bob.name());
            ann.at("unblock").click();
            assertThat(ann.at("blocks-empty")).hasText("You have blocked nobody.");

            ann.at("topic-password").click();
            ann.at("current-password").fill("not this one");
            ann.at("next-password").fill(NEXT);
            ann.at("password-form-save").click();
            assertThat(ann.at("password-form-error")).hasText("the password is wrong");
            ann.at("current-password").fill(Account.PASSWORD);
            ann.at("password-form-save").click();
            assertThat(ann.at("password-form-done")).hasText("Your password is changed.");

            ann.at("topic-account").click();
            ann.seesNoBarriers();
            Download export =
                    ann.page.waitForDownload(() -> ann.at("export-form-save").click());
            assertThat(Files.readString(export.path())).contains("At sea until May");
            ann.at("delete-password").fill(NEXT);
            ann.at("delete-form-save").click();
            assertThat(ann.at("signin-form")).isVisible();
            ann.seesNoBarriers();
            assertThat(api.send("POST", "/api/auth/login", null, Map.of("name", ann.name, "password", NEXT))
                            .error())
                    .isEqualTo("unauthenticated");
        }
    }

    @Test
    void messagesOfOthersAreToldOfOnTheDesktopIfOneWantsThat() throws Exception {
        try (ServerApi api = new ServerApi(server.launch().address());
                PagePerson ann =
                        visitor("ann.", new Browser.NewContextOptions().setPermissions(List.of("notifications")))) {
            ann.page.addInitScript(NOTIFICATION_KEEPER);
            ann.signUp();
            Account bob = api.register("bob.");
            Account own = logIn(api, ann.name, "Helper");
            String direct = api.direct(bob, own);
            assertThat(ann.at("conversation-item")).hasCount(1);
            ann.at("settings").click();
            ann.at("topic-notifications").click();
            ann.at("notify-desktop").click();
            ann.at("notify-sound").click();
            ann.seesNoBarriers();
            assertThat(ann.at("notify-sound")).isChecked();
            assertThat(ann.at("notify-sound")).isEnabled();
            ann.at("dialog-close").click();
            // the choice is the server's to keep
            ann.page.waitForResponse("**/api/preferences", () -> ann.page.reload());
            ann.isNow("live");
            api.post("/api/conversations/" + direct + "/messages", bob, Map.of("id", "one", "text", "Are you there?"));
            assertThat(ann.at("preview")).hasText("Are you there?");
            ann.awaits("window.notified?.length === 1");
            assertThat(ann.page.evaluate("window.notified[0]")).isEqualTo(bob.name() + ": Are you there?");
            ann.openFirst();
            api.post("/api/conversations/" + direct + "/messages", bob, Map.of("id", "two", "text", "Ah, there"));
            ann.sees("Are you there?", "Ah, there");
            assertThat(ann.page.evaluate("window.notified.length")).isEqualTo(1);
        }
    }

    private static Account logIn(ServerApi api, String name, String device) throws Exception {
        JsonNode login =
                api.post("/api/auth/login", null, Map.of("name", name, "password", Account.PASSWORD, "device", device));
        return new Account(
                login.path("user").path("id").stringValue(),
                name,
                login.path("accessToken").stringValue());
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

    private static byte[] picture() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB), "png", out);
        return out.toByteArray();
    }
}
