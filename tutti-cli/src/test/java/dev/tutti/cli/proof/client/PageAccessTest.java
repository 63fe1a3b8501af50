package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.FilePayload;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The conversations of the page by the keyboard alone, and all of the page on a phone. */
@Tag("slow")
class PageAccessTest extends AbstractPageTest {
    @Test
    void theKeyboardAloneIsEnoughAndItsPlaceIsKept() throws Exception {
        List<String> clipboard = List.of("clipboard-read", "clipboard-write");
        try (ServerApi api = new ServerApi(server.launch().address());
                PagePerson ann = visitor("ann.", new Browser.NewContextOptions().setPermissions(clipboard))) {
            ann.signUp();
            Account own = logIn(api, ann.name, "Helper");
            Account bob = api.register("bob.");
            Account cem = api.register("cem.");
            String direct = invited(api, bob, own, "Are you coming?");
            assertThat(ann.at("invitation")).hasCount(1);
            invited(api, api.register("eve."), own, "Buy this");
            assertThat(ann.at("invitation")).hasCount(2);
            ann.seesNoBarriers();
            ann.tabTo("decline");
            ann.press("Enter");
            assertThat(ann.at("invitation")).hasCount(1);
            ann.isAt("accept");
            ann.press("Enter");
            ann.sees("Are you coming?");
            ann.isAt("composer");

            attachesAndLeavesOut(ann);
            answersCopiesAndDeletes(ann);
            makesRenamesAndLeavesAGroup(ann, cem);

            String other = api.direct(cem, own);
            say(api, cem, other, "Hi");
            assertThat(ann.at("conversation-item").first()).containsText(cem.name());
            ann.isAt("conversation-item");
            ann.press("End");
            assertThat(ann.at("conversation-item").last()).isFocused();
            say(api, bob, direct, "Now?");
            assertThat(ann.at("conversation-item").first()).containsText("Now?"); // it has moved up
            assertThat(ann.at("conversation-item").first()).isFocused();

            ann.press("Control+Shift+F");
            ann.isAt("message-search");
            ann.press("Escape");
            assertThat(ann.at("found-dialog")).hasCount(0);
            assertThat(ann.at("conversation-item").first()).isFocused();
            ann.press("Control+Shift+F");
            ann.page.keyboard().type("coming");
            ann.at("found").waitFor();
            ann.seesNoBarriers();
            ann.press("ArrowDown", "Enter");
            ann.awaits("document.activeElement.textContent.startsWith('Are you coming?')");
            ann.press("Escape");
            ann.isAt("composer");
        }
    }

    private static void attachesAndLeavesOut(PagePerson ann) {
        FileChooser chooser = ann.page.waitForFileChooser(() -> {
            ann.tabBackTo("attach"); // what the browser answers meanwhile shows that it knows of the wait
            ann.press("Enter");
        });
        chooser.setFiles(file());
        ann.page.locator("[data-testid=tray-item][data-uploaded]").waitFor();
        ann.isAt("composer");
        ann.seesNoBarriers();
        ann.tabBackTo("tray-remove");
        ann.press("Enter");
        assertThat(ann.at("tray-item")).hasCount(0);
        ann.isAt("composer");
    }

    private static void answersCopiesAndDeletes(PagePerson ann) {
        ann.tabBackTo("message");
        ann.tabTo("reply");
        ann.press("Enter");
        ann.isAt("composer");
        assertThat(ann.at("editing-words")).containsText("Are you coming?");
        ann.press("Escape");
        assertThat(ann.at("editing")).isHidden();
        ann.isAt("composer");
        ann.tabBackTo("message");
        ann.tabTo("copy");
        ann.press("Enter");
        assertThat(ann.at("toast")).hasText("Copied");
        ann.isAt("copy");
        ann.press("Escape", "Control+v");
        assertThat(ann.at("composer")).hasValue("Are you coming?");
        ann.press("Enter");
        ann.sees("Are you coming?", "Are you coming?");
        ann.waitsToSend(0);
        ann.tabBackTo("message");
        ann.tabTo("delete");
        ann.press("Enter");
        ann.isAt("confirm-cancel");
        ann.seesNoBarriers();
        ann.press("Escape");
        ann.isAt("delete");
        ann.press("Enter");
        ann.tabTo("confirm-yes");
        ann.press("Enter");
        ann.sees("Are you coming?", "Message deleted");
        ann.isAt("message");
    }

    private static void makesRenamesAndLeavesAGroup(PagePerson ann, Account cem) {
        ann.press("Control+k");
        ann.isAt("person-search");
        ann.seesNoBarriers();
        ann.tabTo("new-group");
        ann.press("Enter");
        ann.isAt("group-title");
        ann.page.keyboard().type("By hand");
        ann.tabTo("person-search");
        ann.page.keyboard().type(cem.name());
        ann.found(cem.name()).waitFor();
        ann.press("ArrowDown", "Enter");
        assertThat(ann.at("chosen")).containsText(cem.name());
        ann.isAt("person-search");
        ann.seesNoBarriers();
        ann.tabTo("group-create");
        ann.press("Enter");
        assertThat(ann.at("conversation-title")).hasText("By hand");
        ann.isAt("composer");

        ann.tabBackTo("members");
        ann.press("Enter");
        assertThat(ann.at("member")).hasCount(2);
        ann.tabTo("rename-title");
        ann.press("Control+a");
        ann.page.keyboard().type("By heart");
        ann.press("Enter");
        assertThat(ann.at("conversation-title")).hasText("By heart");
        ann.press("Escape");
        assertThat(ann.at("members-dialog")).hasCount(0);
        assertThat(ann.at("members")).isFocused(); // which was drawn anew with the title
        ann.press("Enter");
        assertThat(ann.at("member")).hasCount(2);
        ann.tabTo("remove-member");
        ann.press("Enter");
        ann.tabTo("confirm-yes");
        ann.press("Enter");
        assertThat(ann.at("member")).hasCount(1);
        ann.isAt("person-search");
        ann.tabTo("leave");
        ann.press("Enter");
        ann.tabTo("confirm-yes");
        ann.press("Enter");
        assertThat(ann.at("members-dialog")).hasCount(0);
        assertThat(ann.at("toast")).containsText("You are no longer in By heart");
        ann.isAt("conversation-item");
    }

    @Test
    void aPhoneShowsAllPagesAndDialogsWhole() throws Exception {
        try (ServerApi api = new ServerApi(server.launch().address());
                PagePerson ann = visitor("ann.", phone())) {
            ann.at("signup-toggle").tap();
            ann.at("display-name").waitFor();
            ann.seesAllOnAPhone();
            ann.seesNoBarriers();
            ann.at("signup-toggle").tap();
            ann.seesAllOnAPhone();
            ann.signUp();
            Account own = logIn(api, ann.name, "Helper");
            Account bob = api.register("bob.");
            invited(api, bob, own, "ok?");
            api.group(own, "Rowing", List.of(bob));
            assertThat(ann.at("invitation")).hasCount(1);
            assertThat(ann.at("conversation-item")).hasCount(1);
            ann.seesAllOnAPhone();
            ann.at("accept").tap();
            ann.sees("ok?");

            showsMessages(ann);
            showsSearches(ann, bob);
            showsAGroup(ann);
            showsSettings(ann, bob);
        }
    }

    private static void showsMessages(PagePerson ann) {
        ann.at("message-text").tap();
        ann.at("react").waitFor();
        ann.seesAllOnAPhone(); // the actions of a message that is narrower than they are
        ann.seesNoBarriers();
        ann.at("reply").tap();
        ann.at("file").setInputFiles(file());
        ann.page.locator("[data-testid=tray-item][data-uploaded]").waitFor();
        ann.seesAllOnAPhone();
        ann.seesNoBarriers();
        ann.at("composer").fill("fine");
        ann.at("send").tap();
        assertThat(ann.at("quote")).containsText("ok?");
        ann.at("message-text").last().tap();
        ann.at("delete").waitFor();
        ann.seesAllOnAPhone();
        ann.at("delete").tap();
        ann.at("confirm-yes").waitFor();
        ann.seesAllOnAPhone();
        ann.at("confirm-cancel").tap();
        ann.at("back").tap();
        ann.at("conversation-list").waitFor();
        ann.seesAllOnAPhone();
    }

    private static void showsSearches(PagePerson ann, Account bob) {
        ann.at("search-messages").tap();
        ann.at("message-search").fill("fine");
        ann.at("found").waitFor();
        ann.seesAllOnAPhone();
        ann.seesNoBarriers();
        ann.at("dialog-close").tap();
        ann.at("new-direct").tap();
        ann.at("person-search").fill(bob.name());
        ann.found(bob.name()).waitFor();
        ann.seesAllOnAPhone();
        ann.at("new-group").tap();
        Locator group = ann.at("new-group-dialog");
        group.getByTestId("person-search").fill(bob.name());
        ann.found(bob.name()).tap();
        assertThat(ann.at("chosen")).containsText(bob.name());
        ann.seesAllOnAPhone();
        ann.seesNoBarriers();
        group.getByTestId("dialog-close").tap();
        assertThat(group).hasCount(0);
    }

    private static void showsAGroup(PagePerson ann) {
        ann.at("conversation-item")
                .filter(new Locator.FilterOptions().setHasText("Rowing"))
                .tap();
        ann.at("members").tap();
        ann.at("link-copy").tap();
        ann.at("link").waitFor();
        ann.seesAllOnAPhone();
        ann.seesNoBarriers();
        ann.at("remove-member").tap();
        ann.at("confirm-yes").waitFor();
        ann.seesAllOnAPhone();
        ann.at("confirm-cancel").tap();
        ann.at("members-dialog").getByTestId("dialog-close").tap();
        ann.at("back").tap();
    }

    private static void showsSettings(PagePerson ann, Account bob) {
        ann.at("settings").tap();
        ann.seesAllOnAPhone();
        ann.at("topic-notifications").tap();
        ann.seesAllOnAPhone();
        ann.at("topic-devices").tap();
        assertThat(ann.at("session")).hasCount(2);
        ann.seesAllOnAPhone();
        ann.at("topic-blocked").tap();
        ann.at("block-search").fill(bob.name());
        ann.found(bob.name()).waitFor();
        ann.seesAllOnAPhone();
        ann.found(bob.name()).tap();
        ann.at("unblock").waitFor();
        ann.seesAllOnAPhone();
        ann.at("topic-password").tap();
        ann.seesAllOnAPhone();
        ann.at("topic-account").tap();
        ann.seesAllOnAPhone();
        ann.seesNoBarriers();
    }

    /** Has somebody write to another one who has not heard of them; the conversation's id. */
    private static String invited(ServerApi api, Account by, Account invited, String text)
            throws IOException, InterruptedException {
        String id = api.post("/api/conversations", by, Map.of("kind", "direct", "user", invited.id()))
                .path("id")
                .asString();
        say(api, by, id, text);
        return id;
    }

    private static void say(ServerApi api, Account by, String conversation, String text)
            throws IOException, InterruptedException {
        String id = text.replaceAll("[^A-Za-z]", "");
        api.post("/api/conversations/" + conversation + "/messages", by, Map.of("id", id, "text", text));
    }

    private static FilePayload file() {
        return new FilePayload("notes.txt", "text/plain", "Bring the boat".getBytes(StandardCharsets.UTF_8));
    }
}
