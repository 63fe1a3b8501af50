package dev.tutti.server.mail;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.tutti.TuttiException;
import dev.tutti.account.Mailer;
import dev.tutti.core.InstanceId;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.server.log.LoggedLines;
import dev.tutti.server.wiring.Server;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.proxy.Direction;
import dev.tutti.testkit.proxy.FaultProxy;
import dev.tutti.testkit.proxy.LinkFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Mails that wait for an SMTP server when the server leaves. */
@Tag("slow")
@Isolated // GreenMail throws where connections are reset, which those who await something meanwhile take for a failure
// of theirs
class LeavingMailsTest {
    private static final int WAITING = 2;

    private static EmbeddedDatabase database;

    @TempDir
    private static Path directory;

    private final GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final LoggedLines log = new LoggedLines("dev.tutti.account.MailQueue");
    private FaultProxy link;

    @BeforeAll
    static void startDatabase() {
        database = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
    }

    @AfterAll
    static void stopDatabase() {
        database.close();
    }

    @BeforeEach
    void start() throws Exception {
        smtp.start();
        link = FaultProxy.to(smtp.getSmtp().getPort(), 0);
    }

    @AfterEach
    void stop() {
        log.close();
        smtp.stop();
        link.close();
    }

    private Server server(Duration shutdownBudget) {
        Map<String, String> values = Map.of(
                "DATABASE_URL", database.url(),
                "JWT_SECRET", "a-secret-of-the-tests-and-of-no-one-else",
                "PORT", "0",
                "DB_MAX_CONNECTIONS", "40",
                "SMTP_URL", "smtp://127.0.0.1:" + link.port(),
                "TUTTI_LOGIN_FAILURES_PER_NAME", "1000",
                "TUTTI_SHUTDOWN_BUDGET", shutdownBudget.toSeconds() + "s");
        Configuration configuration = TestConfiguration.of(values);
        return Server.start(configuration, InstanceId.random(), Application.NONE);
    }

    /** Has as many mails sent as are sent at a time, which get no answer, and more that wait for them. */
    private void fill(Server server) throws Exception {
        link.become(new LinkFault.Stalled(Direction.BOTH));
        try (ServerApi api = new ServerApi(server.address())) {
            List<Account> people = new ArrayList<>();
            for (int i = 0; i < Mailer.AT_ONCE + WAITING; i++) {
                people.add(api.register("p."));
            }
            for (Account person : people) {
                Map<String, String> wish =
                        Map.of("email", person.name() + "@example.com", "password", Account.PASSWORD);
                assertThat(api.send("PUT", "/api/account/email", person, wish).status())
                        .isEqualTo(202);
            }
        }
    }

    @Test
    void areSentBeforeItHasLeft() throws Exception {
        try (Server server = server(Duration.ofSeconds(60))) {
            fill(server);
            link.become(new LinkFault.Delayed(Duration.ofMillis(200))); // so that it leaves before they are sent
        }

        assertThat(smtp.getReceivedMessages()).hasSize(Mailer.AT_ONCE + WAITING);
        assertThat(log.all()).isEmpty();
    }

    @Test
    void areToldInOneLineIfTheyCannotBeSent() throws Exception {
        try (Server server = server(Duration.ofSeconds(5))) {
            fill(server);
        } catch (TuttiException late) {
            // the client of the mail server may be late, too: it gets no answer
        }

        assertThat(log.all())
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith(WAITING + " mails that waited are not sent");
        assertThat(smtp.getReceivedMessages()).isEmpty();
    }
}
