package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the page makes of reloads, lost connections and a killed server. */
@Tag("slow")
class PageRecoveryTest extends AbstractPageTest {
    private static void talk(PagePerson ann, PagePerson bob) {
        ann.signUp();
        bob.signUp();
        ann.beginWith(bob);
        ann.say("before");
        bob.accept();
        bob.sees("before");
    }

    @Test
    @Tag("long")
    void whoReloadsSeesTheSameAndGoesOn() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            ann.say("one");
            bob.accept();
            bob.sees("one");
            bob.page.reload();
            bob.sees("one");
            ann.say("two");
            bob.sees("one", "two");
            bob.say("three");
            ann.sees("one", "two", "three");
        }
    }

    @Test
    void whoLosesTheConnectionMissesNothingAndSendsLaterWhatWasWrittenMeanwhile() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            talk(ann, bob);

            bob.offline(true);
            bob.isNow("connecting");
            ann.say("while you were away");
            ann.say("and again");
            ann.sees("before", "while you were away", "and again");
            bob.say("from the tunnel");
            bob.say("still in the tunnel");
            bob.waitsToSend(2);
            bob.sees("before");

            bob.offline(false);
            String[] all = {"before", "while you were away", "and again", "from the tunnel", "still in the tunnel"};
            bob.sees(all);
            ann.sees(all);
            bob.waitsToSend(0);
        }
    }

    @Test
    @Tag("long")
    void aReloadWhileOfflineMessagesWaitLosesNone() {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            talk(ann, bob);
            server.kill();
            bob.say("written to nobody");
            bob.waitsToSend(1);
            startAgain();
            bob.page.reload();
            bob.sees("before", "written to nobody");
            ann.sees("before", "written to nobody");
        }
    }

    @Test
    void aKilledServerComesBackAndWhatWaitedArrivesOnce() throws Exception {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            talk(ann, bob);

            assertThat(bob.at("instance")).hasText(Pattern.compile("on .+"));
            String instance = bob.at("instance").textContent();

            server.killAll();
            assertThat(bob.at("banner")).hasText("Reconnecting…");
            bob.say("bob waits");
            ann.say("ann waits");
            bob.waitsToSend(1);
            ann.waitsToSend(1);
            startAgain();

            ann.isNow("live");
            bob.isNow("live");
            assertThat(bob.at("instance")).not().hasText(instance);
            bob.waitsToSend(0);
            ann.waitsToSend(0);
            assertThat(bob.at("message")).hasCount(3);
            assertThat(ann.at("message")).hasCount(3);
            assertThat(bob.at("message-text").allTextContents())
                    .containsExactlyInAnyOrder("before", "bob waits", "ann waits");
            assertThat(ann.at("message-text").allTextContents())
                    .isEqualTo(bob.at("message-text").allTextContents());
            assertThat(bob.at("banner")).isHidden();
            assertThat(bob.statuses().stream().map(String::valueOf)).endsWith("connecting", "catching-up", "live");
        }
    }

    private void startAgain() {
        try {
            server.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
