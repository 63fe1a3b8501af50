package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.tutti.testkit.client.Account;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Somebody at the page, with a browser of their own. For use by one thread. */
final class PagePerson implements AutoCloseable {
    private static final double PATIENCE_MILLIS = 30_000;
    private static final String AXE = axe();
    private static final String MISFITS = """
            () => {
              const name = (element) => element.dataset.testid || element.className || element.tagName;
              const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
              const {clientWidth, clientHeight, scrollWidth} = document.documentElement;
              const misfits = scrollWidth > clientWidth ? ["the page is wider than the phone"] : [];
              for (const box of dialog ? dialog.querySelectorAll("div, ul") : []) {
                const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
                if (scrolls && box.scrollWidth > box.clientWidth) misfits.push(`${name(box)} scrolls sideways`);
              }
              for (const control of (dialog ?? document).querySelectorAll("button, input, select, textarea")) {
                if (!control.checkVisibility()) continue;
                if (dialog) control.scrollIntoView({block: "nearest"});
                const {left, right, top, bottom, width, height} = control.getBoundingClientRect();
                if (width < 23.9 || height < 23.9) misfits.push(`${name(control)} has ${width} by ${height} pixels`);
                if (left < -0.5 || right > clientWidth + 0.5) misfits.push(`${name(control)} is at ${left} to ${right}`);
                const high = top < -0.5 || bottom > clientHeight + 0.5;
                if (dialog && high) misfits.push(`${name(control)} is at ${top} to ${bottom} below the top`);
              }
              return misfits;
            }
            """;
    private static final String STATUS_KEEPER = """
            window.statuses = [];
            new MutationObserver(() => {
              const status = document.querySelector("[data-status]")?.dataset.status;
              if (status && window.statuses.at(-1) !== status) window.statuses.push(status);
            }).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["data-status"]});
            """;

    final String name;
    final Page page;
    private final BrowserContext context;
    private final List<String> failures = new ArrayList<>();

    /** One whose name begins with {@code prefix}, at the page but not signed in. */
    PagePerson(String prefix, BrowserContext context, URI address) {
        this.name = prefix + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        this.context = context;
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.addInitScript(STATUS_KEEPER);
        page = context.newPage();
        page.onPageError(failures::add);
        page.navigate(address.toString());
    }

    /** Makes an account. */
    PagePerson signUp() {
        at("signup-toggle").click();
        at("name").fill(name);
        at("password").fill(Account.PASSWORD);
        at("signin-submit").click();
        assertThat(at("me")).hasText(name, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
        return this;
    }

    /** Opens the direct conversation with {@code other}. */
    void beginWith(PagePerson other) {
        at("new-direct").click();
        at("person-search").fill(other.name);
        found(other).click();
        assertThat(at("conversation-title")).hasText(other.name);
    }

    /** What is found of {@code other} alone: until the name is whole, others are found as well. */
    Locator found(PagePerson other) {
        return found(other.name);
    }

    /** As above, of somebody who may be at no page. */
    Locator found(String name) {
        return page.locator("[data-testid=person-result][data-name='" + name + "']");
    }

    /** Talks with the one who wants to. */
    void accept() {
        at("accept").first().click();
        at("composer").waitFor();
    }

    /** Opens the first conversation of the list. */
    void openFirst() {
        at("conversation-item").first().click();
        at("composer").waitFor();
    }

    /** Writes a message and sends it. */
    void say(String text) {
        at("composer").fill(text);
        at("composer").press("Enter");
    }

    /** Waits until the messages that the server has are exactly these. */
    void sees(String... texts) {
        assertThat(page.locator("[data-testid=message] [data-testid=message-text]"))
                .hasText(texts, new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    /** Waits until this many messages wait to be sent. */
    void waitsToSend(int count) {
        assertThat(at("message-pending"))
                .hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    /** Waits until the page says that the connection stands like this: connecting, catching-up or live. */
    void isNow(String status) {
        page.locator("[data-status=" + status + "]").waitFor();
    }

    /** Cuts the connection, or gives it back. */
    void offline(boolean offline) {
        context.setOffline(offline);
    }

    /** How the connection stood, one after the other, since the page was loaded. */
    List<?> statuses() {
        return (List<?>) page.evaluate("window.statuses");
    }

    /** Waits until this holds in the page. Asked from here each time: its policy lets no script ask for itself. */
    void awaits(String expression) {
        await().pollInSameThread()
                .atMost(Duration.ofMillis((long) PATIENCE_MILLIS))
                .until(() -> page.evaluate(expression), Boolean.TRUE::equals);
    }

    /** Presses Tab until the element has the focus. */
    void tabTo(String testId) {
        pressUntilAt("Tab", testId);
    }

    /** Goes back until the element has the focus. */
    void tabBackTo(String testId) {
        pressUntilAt("Shift+Tab", testId);
    }

    private void pressUntilAt(String key, String testId) {
        for (int i = 0; i < 60; i++) {
            if (testId.equals(page.evaluate("document.activeElement?.dataset.testid"))) {
                return;
            }
            page.keyboard().press(key);
        }
        throw new AssertionError(testId + " is not reached by " + key);
    }

    /** Presses these keys, one after the other. */
    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    /** Waits until an element with this test id has the focus. */
    void isAt(String testId) {
        awaits("document.activeElement?.dataset.testid === '" + testId + "'");
    }

    /** Checks that nothing is wider than the phone, and that a finger hits each control of the dialog, or of the page. */
    void seesAllOnAPhone() {
        awaitsStillness();
        assertThat((List<?>) page.evaluate(MISFITS))
                .as("what does not fit %s", page.url())
                .isEmpty();
    }

    private void awaitsStillness() {
        awaits("document.getAnimations().every(each => each.playState !== 'running')");
    }

    /** Checks what is shown by the rules of axe: names, roles, contrast and the like. */
    void seesNoBarriers() {
        awaitsStillness();
        page.evaluate(AXE);
        assertThat((List<?>) page.evaluate("""
                async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
                  .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id} at ${target}: ${failureSummary}`))
                """))
                .as("barriers of %s", page.url())
                .isEmpty();
    }

    /** The elements with this test id. */
    Locator at(String testId) {
        return page.getByTestId(testId);
    }

    private static String axe() {
        try (InputStream script = PagePerson.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        context.close();
        assertThat(failures).as("errors of the page's code").isEmpty();
    }
}
