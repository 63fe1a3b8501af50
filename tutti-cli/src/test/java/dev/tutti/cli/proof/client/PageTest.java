package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.tutti.testkit.client.Account;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people do at the page. */
class PageTest extends AbstractPageTest {
    @Test
    void twoPeopleSignUpAndTalk() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            ann.isNow("live");
            assertThat(ann.at("instance")).isHidden(); // there is only one
            ann.say("Hello, Bob");
            assertThat(bob.at("accept")).hasCount(1);
            bob.accept();
            bob.sees("Hello, Bob");
            assertThat(bob.at("unread")).hasCount(0);
            AtomicInteger typed = new AtomicInteger();
            // it is shown for a moment, and the browsers' thread is this one
            await().pollInSameThread().atMost(PATIENCE).until(() -> {
                bob.at("composer").fill("I am about to say " + typed.incrementAndGet());
                return ann.at("typing").textContent().contains("typing");
            });
            bob.say("Hello, Ann");
            ann.sees("Hello, Bob", "Hello, Ann");
            ann.say("Bye");
            bob.sees("Hello, Bob", "Hello, Ann", "Bye");
            assertThat(ann.at("receipt")).hasText("Read");
        }
    }

    @Test
    @Tag("long")
    void whoIsOnlineIsShown() {
        try (PagePerson ann = visitor("ann.")) {
            ann.signUp();
            try (PagePerson bob = visitor("bob.")) {
                bob.signUp();
                ann.beginWith(bob);
                assertThat(ann.at("conversation-about")).hasText("online");
            }
            assertThat(ann.at("conversation-about"))
                    .containsText("last seen", new LocatorAssertions.ContainsTextOptions().setTimeout(30_000));
        }
    }

    @Test
    @Tag("long")
    void aMessageIsEditedAndDeletedForBoth() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            ann.say("Helo");
            ann.say("Wrong window");
            bob.accept();
            bob.sees("Helo", "Wrong window");
            ann.at("message").first().hover();
            ann.at("edit").first().click();
            ann.say("Hello");
            bob.sees("Hello", "Wrong window");
            ann.at("message").last().hover();
            ann.at("delete").last().click();
            ann.at("confirm-yes").click();
            bob.sees("Hello", "Message deleted");
            ann.sees("Hello", "Message deleted");
        }
    }

    @Tag("slow")
    @Test
    void everythingCanBeDoneByKeyboard() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            bob.signUp();
            Page page = ann.page;
            ann.at("name").waitFor();
            assertThat(ann.at("signup-toggle")).isVisible(); // the server has said who may sign up
            ann.tabTo("signup-toggle");
            page.keyboard().press("Enter");
            ann.tabTo("name");
            page.keyboard().type(ann.name);
            ann.tabTo("password");
            page.keyboard().type(Account.PASSWORD);
            page.keyboard().press("Enter");
            assertThat(ann.at("me")).hasText(ann.name);
            ann.tabTo("new-direct");
            page.keyboard().press("Enter");
            ann.tabTo("person-search");
            page.keyboard().type(bob.name);
            ann.found(bob).waitFor();
            assertThat(ann.at("person-result")).hasCount(1);
            page.keyboard().press("ArrowDown");
            page.keyboard().press("Enter");
            ann.at("composer").waitFor();
            ann.tabTo("composer");
            page.keyboard().type("By hand");
            page.keyboard().press("Enter");
            ann.sees("By hand");
            page.keyboard().press("ArrowUp");
            page.keyboard().press("End");
            page.keyboard().type(", without a mouse");
            page.keyboard().press("Enter");
            ann.sees("By hand, without a mouse");
            bob.accept();
            bob.sees("By hand, without a mouse");
        }
    }

    @Tag("slow")
    @Test
    void aPhoneShowsTheListOrTheConversationAndNothingSticksOut() {
        Browser.NewContextOptions phone = phone().setDeviceScaleFactor(3).setColorScheme(ColorScheme.DARK);
        try (PagePerson ann = visitor("ann.", phone);
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            bob.beginWith(ann);
            bob.say("A long message, so that a phone has something to break into lines: " + "word ".repeat(60)
                    + "https://example.org/" + "x".repeat(200));
            ann.at("accept").tap();
            assertThat(ann.at("message")).hasCount(1);
            assertThat(ann.at("conversation-list")).isHidden();
            assertThat(ann.at("composer")).isInViewport();
            assertThatNothingSticksOut(ann.page);
            ann.at("composer").fill("Hello from the bus");
            ann.at("send").tap();
            assertThat(bob.at("message")).hasCount(2);
            ann.seesNoBarriers();
            ann.at("back").tap();
            assertThat(ann.at("conversation-list")).isVisible();
            ann.seesNoBarriers();
            assertThatNothingSticksOut(ann.page);
        }
    }

    @Tag("slow")
    @Test
    void onAPhoneAMessageIsEditedAndDeletedByTouch() {
        try (PagePerson ann = visitor("ann.", phone());
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            ann.at("composer").fill("Helo");
            ann.at("send").tap();
            ann.sees("Helo");
            ann.at("message-text").tap();
            ann.at("edit").tap();
            ann.at("composer").fill("Hello");
            ann.at("send").tap();
            ann.sees("Hello");
            bob.accept();
            bob.sees("Hello");
            ann.at("message-text").tap();
            ann.at("delete").tap();
            ann.at("confirm-yes").tap();
            ann.sees("Message deleted");
            bob.sees("Message deleted");
        }
    }

    @Tag("slow")
    @Test
    void strangersAskBeforeTheyAreInTheList() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.");
                PagePerson eve = visitor("eve.")) {
            ann.signUp();
            bob.signUp();
            eve.signUp();
            ann.beginWith(bob);
            ann.say("Hello, Bob");
            assertThat(ann.at("typing")).containsText("has not answered yet");
            assertThat(bob.at("invitation")).containsText("Hello, Bob");
            eve.beginWith(bob);
            eve.say("Buy this");
            assertThat(bob.at("invitation")).hasCount(2);
            assertThat(bob.at("conversation-item")).hasCount(0);
            bob.at("invitation")
                    .filter(new Locator.FilterOptions().setHasText(eve.name))
                    .getByTestId("decline")
                    .click();
            assertThat(bob.at("invitation")).hasCount(1);
            bob.accept();
            bob.sees("Hello, Bob");
            bob.say("Hello, Ann");
            ann.sees("Hello, Bob", "Hello, Ann");
            assertThat(ann.at("typing")).isEmpty();
            bob.page.reload();
            assertThat(bob.at("conversation-item")).hasCount(1);
            assertThat(bob.at("invitation")).hasCount(0);
        }
    }

    @Tag("slow")
    @Test
    void peopleInAGroupAnswerCopyRenameAndLeave() {
        try (PagePerson ann = visitor(
                        "ann.",
                        new Browser.NewContextOptions().setPermissions(List.of("clipboard-read", "clipboard-write")));
                PagePerson bob = visitor("bob.");
                PagePerson cem = visitor("cem.")) {
            ann.signUp();
            bob.signUp();
            cem.signUp();
            ann.at("new-direct").click();
            ann.at("new-group").click();
            ann.at("group-title").fill("Three of us");
            for (PagePerson other : new PagePerson[] {bob, cem}) {
                ann.at("new-group-dialog").getByTestId("person-search").fill(other.name);
                ann.found(other).click();
            }
            ann.at("group-create").click();
            assertThat(ann.at("conversation-about")).containsText("3 members");
            bob.openFirst();
            assertThat(bob.at("conversation-about")).containsText("3 members");

            ann.say("Who brings the boat?");
            ann.say("And the oars?");
            bob.sees("Who brings the boat?", "And the oars?");
            bob.at("message").first().hover();
            bob.at("reply").first().click();
            assertThat(bob.at("editing-words")).hasText("Reply to " + ann.name + ": Who brings the boat?");
            bob.say("I do");
            assertThat(ann.at("quote")).hasText("YouWho brings the boat?");
            assertThat(bob.at("editing")).isHidden();
            ann.at("message").last().hover();
            ann.at("copy").last().click();
            assertThat(ann.at("toast")).hasText("Copied");
            ann.at("composer").press("Control+v");
            assertThat(ann.at("composer")).hasValue("I do");
            ann.at("message").first().hover();
            ann.at("edit").first().click();
            ann.say("Who brings the red boat?");
            assertThat(bob.at("quote")).containsText("Who brings the red boat?");
            bob.at("quote").press("Enter");
            assertThat(bob.page.locator(":focus")).containsText("Who brings the red boat?");

            ann.seesNoBarriers();
            ann.at("members").click();
            ann.seesNoBarriers();
            ann.at("rename-title").fill("By the lake");
            ann.at("rename").click();
            assertThat(bob.at("conversation-title")).hasText("By the lake");
            bob.at("members").click();
            assertThat(bob.at("rename-form")).isHidden();
            bob.at("dialog-close").click();
            assertThat(bob.at("beginning")).containsText(ann.name + " created the group on ");
            bob.at("members").click();
            bob.at("leave").click();
            bob.at("confirm-yes").click();
            assertThat(ann.at("note-line"))
                    .hasText(new String[] {"You renamed the group to “By the lake”", bob.name + " left"});
            ann.page.reload();
            assertThat(ann.at("note-line")).hasCount(2);
            assertThat(ann.at("beginning")).containsText("You created the group on ");
        }
    }

    @Test
    @Tag("long")
    void whatIsTooLongIsNotCut() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            String text = "x".repeat(4_100);
            ann.at("composer").fill(text);
            assertThat(ann.at("send")).isDisabled();
            assertThat(ann.at("composer-form")).containsText("100 too many");
            ann.at("composer").press("Enter");
            assertThat(ann.at("composer")).hasValue(text);
            ann.say("x".repeat(4_000));
            ann.sees("x".repeat(4_000));
        }
    }

    @Test
    @Tag("long")
    void historyComesAsOneScrollsUp() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            String[] texts =
                    IntStream.rangeClosed(1, 120).mapToObj(i -> "message " + i).toArray(String[]::new);
            for (String text : texts) {
                ann.say(text);
            }
            ann.waitsToSend(0);
            bob.page.reload(); // or all of it is there already, and the first is shown
            bob.accept();
            assertThat(bob.at("message-text").last()).hasText("message 120");
            assertThat(bob.at("message-text").last()).isInViewport();
            while (bob.at("message").count() < texts.length) {
                int before = bob.at("message").count();
                bob.at("messages").evaluate("element => element.scrollTop = 0");
                bob.page.waitForFunction(
                        "before => document.querySelectorAll('[data-testid=message]').length > before", before);
            }
            bob.sees(texts);

            ann.page.reload(); // 50 messages are loaded then
            ann.isNow("live");
            ann.page.keyboard().press("Control+Shift+F");
            ann.at("message-search").fill("message 7");
            ann.at("found").first().waitFor();
            ann.at("message-search").fill("\"message 17\"");
            assertThat(ann.at("found")).hasCount(1);
            ann.seesNoBarriers();
            assertThat(ann.at("found").locator("mark")).hasText(new String[] {"message", "17"});
            ann.page.keyboard().press("ArrowDown");
            ann.page.keyboard().press("Enter");
            ann.awaits("document.activeElement.textContent.startsWith('message 17')");
            assertThat(ann.page.locator(":focus")).isInViewport();
            assertThat(ann.at("latest")).isVisible();
        }
    }

    @Tag("slow")
    @Test
    void markupInAMessageIsText() {
        String markup =
                "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> & <b>bold</b>";
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            ann.say(markup);
            bob.accept();
            bob.sees(markup);
            assertThat(bob.page.title()).doesNotContain("owned");
            assertThat(bob.at("message-text").locator("img, script, b")).hasCount(0);
        }
    }

    private static void assertThatNothingSticksOut(Page page) {
        assertThat(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
                .isEqualTo(0);
    }
}
