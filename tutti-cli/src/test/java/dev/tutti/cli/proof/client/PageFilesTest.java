package dev.tutti.cli.proof.client;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.options.FilePayload;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pictures and other files in the page. */
@Tag("slow")
class PageFilesTest extends AbstractPageTest {
    private static final byte[] DOT =
            Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

    @Test
    void picturesAreShownAndOtherFilesCanBeDownloaded() throws Exception {
        try (PagePerson ann = visitor("ann.");
                PagePerson bob = visitor("bob.")) {
            ann.signUp();
            bob.signUp();
            ann.beginWith(bob);
            byte[] notes = "Bring the boat".getBytes(StandardCharsets.UTF_8);
            ann.at("file").setInputFiles(new FilePayload[] {
                new FilePayload("sunset.png", "image/png", picture()),
                new FilePayload("<b>notes</b>.txt", "text/plain", notes)
            });
            assertThat(ann.page.locator("[data-testid=tray-item][data-uploaded]"))
                    .hasCount(2);
            ann.say("At the lake");
            assertThat(ann.at("tray-item")).hasCount(0);
            bob.accept();
            bob.sees("At the lake");
            assertThat(bob.at("thumbnail")).hasAttribute("alt", "sunset.png");
            bob.awaits("document.querySelector('[data-testid=thumbnail]').naturalWidth === 512");
            assertThat(bob.at("attachment").last()).hasText(Pattern.compile("b>\\.txt14 byte"));
            APIResponse downloaded = bob.page
                    .request()
                    .get(bob.page.url().replaceAll("/#.*", "")
                            + bob.at("attachment").last().getAttribute("href"));
            assertThat(downloaded.body()).isEqualTo(notes);

            ann.at("file").setInputFiles(new FilePayload("alone.txt", "text/plain", notes));
            ann.at("send").click(); // waits until it is uploaded
            assertThat(ann.at("message")).hasCount(2);
            assertThat(bob.at("preview")).hasText("alone.txt");
            ann.at("file").setInputFiles(new FilePayload("dot.webp", "image/webp", DOT));
            ann.at("send").click();
            bob.awaits("document.querySelector('[data-testid=thumbnail][alt=\"dot.webp\"]')?.naturalWidth === 1");
            ann.at("file").setInputFiles(new FilePayload("film.mp4", "video/mp4", new byte[1_000_001]));
            assertThat(ann.at("toast")).hasText("film.mp4 is too large: a file has at most 1 MB.");
            assertThat(ann.at("tray-item")).hasCount(0);
            bob.seesNoBarriers();
            ann.at("message").first().hover();
            ann.at("delete").first().click();
            ann.at("confirm-yes").click();
            assertThat(bob.at("thumbnail")).hasCount(1);
        }
    }

    static byte[] picture() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BufferedImage image = new BufferedImage(800, 600, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 600; y++) {
            for (int x = 0; x < 800; x++) {
                image.setRGB(x, y, new Color(255 - y / 4, 120 + y / 8, 80 + x / 8).getRGB());
            }
        }
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
