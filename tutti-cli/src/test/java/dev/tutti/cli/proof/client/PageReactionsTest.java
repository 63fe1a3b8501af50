package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reactions in the page. */
@Tag("slow")
class PageReactionsTest extends AbstractPageTest {
    @Test
    void reactionsAreGivenAndTakenBackByMouseAndKeyboardAndSeenByTheOthers() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            ann.say("At noon?");
            bob.accept();
            bob.sees("At noon?");

            bob.at("message").hover();
            bob.at("react").click();
            assertThat(bob.at("quick-reaction").first()).isFocused();
            bob.seesNoBarriers();
            bob.at("quick-reaction").first().click();
            assertThat(reaction(ann, "👍")).hasText("👍1");
            assertThat(reaction(ann, "👍")).hasAttribute("aria-pressed", "false");
            assertThat(reaction(bob, "👍")).hasAttribute("aria-pressed", "true");
            assertThat(bob.at("quick")).isHidden();
            assertThat(bob.at("react")).isFocused();

            ann.at("message").focus();
            ann.page.keyboard().press("Tab");
            assertThat(reaction(ann, "👍")).isFocused();
            ann.page.keyboard().press("Enter");
            assertThat(reaction(bob, "👍")).hasText("👍2");
            assertThat(reaction(ann, "👍")).isFocused();
            ann.page.keyboard().press("Tab");
            assertThat(ann.at("react")).isFocused();
            ann.page.keyboard().press("Enter");
            ann.page.keyboard().press("Tab");
            ann.page.keyboard().press("Escape");
            assertThat(ann.at("react")).isFocused();
            assertThat(ann.at("composer")).isVisible(); // Escape closed the row alone
            ann.page.keyboard().press("Enter");
            ann.page.keyboard().press("Tab");
            ann.page.keyboard().press("Enter");
            assertThat(reaction(bob, "❤️")).hasText("❤️1");
            bob.seesNoBarriers();

            ann.page.reload();
            ann.openFirst();
            assertThat(reaction(ann, "👍")).hasText("👍2");
            reaction(ann, "👍").click();
            assertThat(reaction(bob, "👍")).hasText("👍1");
            reaction(ann, "❤️").click();
            assertThat(bob.at("reaction")).hasCount(1);
            ann.at("message").hover();
            ann.at("delete").click();
            ann.at("confirm-yes").click();
            assertThat(bob.at("reaction")).hasCount(0);
        }
    }

    @Test
    @Tag("long")
    void aPhoneReactsByTouchAndOneWhoWasAwayHasThemAfterwards() {
        try (PagePerson ann = visitor("ann.", phone());
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            bob.beginWith(ann);
            bob.say("ok?");
            ann.accept();
            ann.sees("ok?");
            bob.offline(true);

            ann.at("message").tap();
            ann.at("react").tap();
            assertThat(ann.at("quick-reaction").last()).isInViewport();
            ann.seesNoBarriers();
            ann.at("quick-reaction").nth(3).tap();
            assertThat(reaction(ann, "🎉")).hasText("🎉1");
            ann.at("composer").fill("then at noon");
            ann.at("send").tap();

            bob.offline(false);
            bob.sees("ok?", "then at noon");
            assertThat(reaction(bob, "🎉")).hasText("🎉1");
            reaction(bob, "🎉").click();
            assertThat(reaction(ann, "🎉")).hasText("🎉2");
            reaction(ann, "🎉").tap();
            assertThat(reaction(bob, "🎉")).hasText("🎉1");
        }
    }

    private static Locator reaction(PagePerson person, String emoji) {
        return person.page.locator("[data-testid=reaction][data-emoji='" + emoji + "']");
    }
}
