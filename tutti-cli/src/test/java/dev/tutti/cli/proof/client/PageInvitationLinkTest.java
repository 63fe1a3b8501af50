package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Links into groups, in the page. */
@Tag("slow")
class PageInvitationLinkTest extends AbstractPageTest {
    private static final String LOOK = "**/api/invitations/link";

    @Test
    void theOwnerCopiesALinkAndWhoeverOpensItSeesTheGroupAndJoinsUntilItIsRevoked() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.", phone());
                PagePerson cem = visitor("cem.")) {
            ann.signUp();
            ann.at("new-direct").click();
            ann.at("new-group").click();
            ann.at("group-title").fill("Rowing");
            ann.at("group-create").click();
            ann.at("members").click();
            ann.at("link-uses").selectOption("5");
            ann.at("link-copy").click();
            assertThat(ann.at("link")).hasText(Pattern.compile("^5 people may join until "));
            ann.seesNoBarriers();
            String link = ann.at("link-made").inputValue();
            assertThat(link).contains("#join=");

            bob.page.navigate(link);
            bob.page.reload(); // a browser that is at the page already follows the link without loading it
            bob.signUp();
            assertThat(bob.at("join-dialog")).containsText("Join “Rowing”?");
            bob.seesNoBarriers();
            bob.seesAllOnAPhone();
            bob.page.keyboard().press("Enter");
            assertThat(bob.at("conversation-title")).hasText("Rowing");
            assertThat(bob.page.url()).doesNotContain("join=");
            assertThat(ann.at("note-line")).hasText(bob.name + " joined");
            bob.page.route(LOOK, Route::abort);
            bob.page.navigate(link);
            assertThat(bob.at("join-dialog")).containsText("cannot be shown now");
            bob.seesNoBarriers();
            bob.seesAllOnAPhone();
            bob.page.unroute(LOOK);
            bob.page.keyboard().press("Enter");
            assertThat(bob.at("conversation-title")).hasText("Rowing");
            assertThat(bob.at("join-dialog")).hasCount(0);
            bob.at("members").click();
            assertThat(bob.at("member")).hasCount(2);
            assertThat(bob.at("link-copy")).isHidden();

            ann.tabTo("link-revoke");
            ann.press("Enter");
            assertThat(ann.at("link")).hasCount(0);
            ann.isAt("link-copy");
            cem.signUp();
            cem.page.navigate(link);
            assertThat(cem.at("toast")).containsText("this link leads nowhere");
            assertThat(cem.at("join-dialog")).hasCount(0);
        }
    }
}
