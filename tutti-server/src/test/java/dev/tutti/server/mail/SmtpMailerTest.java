package dev.tutti.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.tutti.TuttiException;
import dev.tutti.account.Mail;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Mails to a real SMTP server, and to one that says nothing. */
class SmtpMailerTest {
    private static final Mail MAIL = new Mail("ann@example.com", "A new password", "Zoë: http://localhost/#reset=x\n");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void mailsAreSentByAServerThatAsksForAPassword() throws Exception {
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.setUser("tutti", "p@ss word");
        server.start();
        try (SmtpMailer mailer = new SmtpMailer(
                URI.create("smtp://tutti:p%40ss%20word@127.0.0.1:"
                        + server.getSmtp().getPort()),
                "chat@example.com",
                meters)) {
            mailer.send(MAIL);

            MimeMessage received = server.getReceivedMessages()[0];
            assertThat(received.getAllRecipients()[0]).hasToString("ann@example.com");
            assertThat(received.getFrom()[0]).hasToString("chat@example.com");
            assertThat(received.getSubject()).isEqualTo("A new password");
            assertThat(received.getContent().toString().strip())
                    .isEqualTo(MAIL.text().strip());
            assertThat(count("sent")).isEqualTo(1);
            mailer.dropped();
            assertThat(count("dropped")).isEqualTo(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerThatIsSilentIsGivenUpInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SmtpMailer mailer = new SmtpMailer(
                        URI.create("smtp://127.0.0.1:" + silent.getLocalPort()),
                        "chat@example.com",
                        meters,
                        Duration.ofMillis(500))) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> mailer.send(MAIL))
                    .isInstanceOf(TuttiException.class)
                    .hasMessageContaining("SMTP_URL");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(count("failed")).isEqualTo(1);
        }
    }

    private double count(String outcome) {
        return meters.get(SmtpMailer.MAILS).tag("outcome", outcome).counter().count();
    }
}
