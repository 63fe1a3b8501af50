package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do at the page with their account. A server without SMTP writes the links of its mails to its log. */
@Tag("slow")
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
    private static final String SECRET = "a-secret-of-a-server-that-invites-people";
    private static final String NEXT = "a kettle of quiet herons";

    @Test
    void anAddressIsConfirmedAndAForgottenPasswordReplacedByKeyboard() throws Exception {
        try (PagePerson visitor = visitor("visitor.", phone())) {
            String email = visitor.signUp().name + "@example.com";
            String address = visitor.page.url();
            assertThat(server.output()).contains("SMTP_URL is not set");
            openEmailSettings(visitor);
            assertThat(visitor.at("email-state")).containsText("no confirmed address");
            assertThat(visitor.at("email-remove-form")).isHidden();
            fillAndEnter(visitor, "email-address", email, "not this one");
            assertThat(visitor.at("email-form-error")).hasText("the password is wrong");
            visitor.seesNoBarriers();
            fillAndEnter(visitor, "email-address", email, Account.PASSWORD);
            assertThat(visitor.at("email-form-done")).containsText("A mail was sent to " + email);

            open(visitor.page, "email");
            visitor.seesNoBarriers();
            visitor.tabTo("mail-submit");
            visitor.press("Enter");
            assertThat(visitor.at("mail-done")).hasText("Your e-mail address is confirmed.");
            assertThat(visitor.at("mail-on")).isFocused();
            visitor.seesNoBarriers();

            visitor.page.navigate(address);
            visitor.at("signout").press("Enter");
            visitor.at("forgot-password").press("Enter");
            assertThat(visitor.at("forgotten-email")).isFocused();
            visitor.page.keyboard().type(email);
            visitor.page.keyboard().press("Enter");
            assertThat(visitor.at("forgotten-done")).containsText("If an account has this address");
            visitor.seesNoBarriers();
            visitor.at("forgotten-back").press("Enter");
            assertThat(visitor.at("name")).isFocused();

            open(visitor.page, "reset");
            assertThat(visitor.page.url()).doesNotContain("#"); // not in the history of the browser
            visitor.page.keyboard().press("Tab");
            visitor.page.keyboard().type("monkey12");
            visitor.page.keyboard().press("Enter");
            assertThat(visitor.at("mail-error")).containsText("too easy to guess");
            visitor.seesNoBarriers();
            visitor.seesAllOnAPhone();
            visitor.at("new-password").fill(NEXT);
            visitor.page.keyboard().press("Enter");
            assertThat(visitor.at("mail-done")).containsText("Your password is set");

            visitor.page.navigate(address);
            fillAndEnter(visitor, "name", visitor.name, Account.PASSWORD);
            assertThat(visitor.at("signin-error")).hasText("Name and password do not match.");
            visitor.at("password").fill(NEXT);
            visitor.at("password").press("Enter");
            openEmailSettings(visitor);
            assertThat(visitor.at("email-state")).containsText(email + " is confirmed");
            visitor.at("email-remove-password").fill(NEXT);
            visitor.page.keyboard().press("Enter");
            assertThat(visitor.at("email-state")).containsText("no confirmed address");
            assertThat(visitor.at("email-address")).isFocused();
        }
    }

    @Test
    void anAccountIsMadeAsTheServerAllows(@TempDir Path directory) throws Exception {
        Launch launch = Solo.launch(directory).with("JWT_SECRET", SECRET).with("TUTTI_REGISTRATION", "invite");
        try (ServerProcess inviting = ServerProcess.start(launch);
                ServerApi api = new ServerApi(launch.address());
                PagePerson ann = visitor("ann.")) {
            Account root = new Account("", "", ApiKeys.root(SECRET));
            String invitation = api.post("/api/server/invitations", root, Map.of())
                    .path("token")
                    .asString();
            ann.page.navigate(inviting.launch().address().toString());
            assertThat(ann.at("invitation")).isHidden();
            assertThat(ann.at("signup-toggle")).isVisible(); // the server has said who may sign up
            ann.at("signup-toggle").press("Enter");
            assertThat(ann.at("invitation")).isVisible();
            ann.seesNoBarriers();
            ann.at("name").fill(ann.name);
            ann.at("invitation").fill("not this one");
            ann.at("password").fill(Account.PASSWORD);
            ann.at("password").press("Enter");
            assertThat(ann.at("signin-error")).containsText("invitation");
            assertThat(ann.at("invitation")).isFocused();
            ann.at("invitation").fill(invitation);
            ann.at("invitation").press("Enter");
            ann.at("me").waitFor();
            assertThat(ann.at("me")).hasText(ann.name);

            ann.page.route(
                    "**/api/auth/registration",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("application/json")
                            .setBody("{\"registration\": \"closed\"}")));
            ann.page.waitForResponse(
                    "**/api/auth/registration", () -> ann.at("signout").press("Enter"));
            // an answer that comes later than the one to the form, which has been looked at by then
            ann.page.evaluate("fetch('/api/auth/registration').then((answer) => answer.text())");
            assertThat(ann.at("forgot-password")).isVisible();
            assertThat(ann.at("signup-toggle")).isHidden();
        }
    }

    @Test
    void profilePasswordDevicesAndBlockedPeopleAreInTheSettings() throws Exception {
        try (ServerApi api = new ServerApi(server.launch().address());
                PagePerson ann = visitor("ann.")) {
            ann.signUp();
            Account bob = api.register("bob.");
            ann.tabTo("settings");
            ann.press("Enter");
            ann.tabTo("topic-profile");
            ann.press("Escape");
            assertThat(ann.at("settings-dialog")).hasCount(0);
            assertThat(ann.at("settings")).isFocused();
            ann.press("Enter");
            ann.at("profile-name").fill("Ann of Cleves");
            ann.at("profile-about").fill("At sea until May");
            ann.at("profile-about").press("Tab");
            ann.page.keyboard().press("Enter");
            assertThat(ann.at("profile-form-done")).hasText("Saved.");
            assertThat(ann.at("profile-form-save")).isFocused();
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
                    .press("Enter");
            assertThat(ann.at("session")).hasCount(3);
            ann.isAt("end-session");
            assertThat(api.send("GET", "/api/account", phone, null).error()).isEqualTo("session_revoked");
            assertThat(api.get("/api/account", tablet).path("about").stringValue())
                    .isEqualTo("At sea until May");
            ann.tabTo("end-others");
            ann.press("Enter");
            assertThat(ann.at("session")).hasCount(1);
            ann.awaits("document.activeElement.contains(document.querySelector('[data-testid=sessions]'))"
                    + " && document.activeElement !== document.body");
            assertThat(api.send("GET", "/api/account", tv, null).error()).isEqualTo("session_revoked");

            ann.seesNoBarriers();
            ann.tabBackTo("topic-devices");
            ann.press("ArrowRight", "Enter");
            ann.tabTo("block-search");
            ann.page.keyboard().type(bob.name());
            ann.found(bob.name()).waitFor();
            ann.seesNoBarriers();
            ann.press("ArrowDown", "Enter");
            assertThat(ann.at("blocked")).containsText(bob.name());
            ann.isAt("block-search");
            ann.seesNoBarriers();
            ann.tabTo("unblock");
            ann.press("Enter");
            assertThat(ann.at("blocks-empty")).hasText("You have blocked nobody.");
            ann.isAt("block-search");

            ann.tabBackTo("topic-blocked");
            ann.press("ArrowDown", "Enter");
            ann.tabTo("current-password");
            ann.page.keyboard().type("not this one");
            ann.tabTo("next-password");
            ann.page.keyboard().type(NEXT);
            ann.tabTo("password-form-save");
            ann.press("Enter");
            assertThat(ann.at("password-form-error")).hasText("the password is wrong");
            assertThat(ann.at("password-form-save")).isFocused();
            ann.seesNoBarriers();
            ann.at("current-password").fill(Account.PASSWORD);
            ann.at("current-password").press("Enter");
            assertThat(ann.at("password-form-done")).hasText("Your password is changed.");
            ann.isAt("current-password");

            ann.tabBackTo("topic-password");
            ann.press("End", "Enter");
            ann.seesNoBarriers();
            Download export =
                    ann.page.waitForDownload(() -> ann.at("export-form-save").click());
            assertThat(Files.readString(export.path())).contains("At sea until May");
            ann.tabTo("delete-password");
            ann.page.keyboard().type(NEXT);
            ann.press("Enter");
            assertThat(ann.at("signin-form")).isVisible();
            assertThat(ann.at("name")).isFocused();
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
            ann.tabTo("notify-desktop");
            ann.press("Space");
            assertThat(ann.at("notify-desktop")).isEnabled();
            assertThat(ann.at("notify-desktop")).isChecked();
            assertThat(ann.at("notify-desktop")).isFocused();
            ann.press("Tab", "Space");
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

            // nor in another tab, while one sees them in this one
            Page other = ann.page.context().newPage();
            other.addInitScript(NOTIFICATION_KEEPER);
            other.waitForResponse(
                    "**/api/preferences", () -> other.navigate(ann.page.url().replaceAll("#.*", "")));
            other.locator("[data-status=live]").waitFor();
            ann.page.bringToFront();
            api.post("/api/conversations/" + direct + "/messages", bob, Map.of("id", "three", "text", "And now?"));
            assertThat(other.getByTestId("preview")).hasText("And now?");
            ann.sees("Are you there?", "Ah, there", "And now?");
            assertThat(other.evaluate("window.notified.length")).isEqualTo(0);
        }
    }

    @Test
    void aSignInIsNoticedInAnotherTabIfTheSessionHadEndedWhileNoneWasOpen() {
        try (PagePerson ann = visitor("ann.")) {
            ann.signUp();
            String address = ann.page.url();
            ann.page.navigate("about:blank");
            ann.page.context().clearCookies();
            Page other = ann.page.context().newPage();
            for (Page page : List.of(ann.page, other)) {
                page.navigate(address);
                page.getByTestId("signin-form").waitFor();
            }

            ann.at("name").fill(ann.name);
            ann.at("password").fill(Account.PASSWORD);
            ann.at("signin-submit").click();

            assertThat(other.getByTestId("me")).hasText(ann.name);
        }
    }

    private static void openEmailSettings(PagePerson person) {
        person.at("settings").press("Enter");
        person.at("topic-email").press("Enter");
        assertThat(person.at("email-state")).not().isEmpty();
    }

    /** Fills a field and, by Tab, the password behind it, and ends with Enter. */
    private static void fillAndEnter(PagePerson person, String field, String text, String password) {
        person.at(field).fill(text);
        person.at(field).press("Tab");
        person.page.keyboard().press("Control+A");
        person.page.keyboard().type(password);
        person.page.keyboard().press("Enter");
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
