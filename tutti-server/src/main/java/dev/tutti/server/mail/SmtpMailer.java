package dev.tutti.server.mail;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Mail;
import dev.tutti.account.Mailer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.StartTLSOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends mails to an SMTP server, each on a connection of its own, within a time. Safe for use by many threads. */
public final class SmtpMailer implements Mailer, AutoCloseable {
    /** Mails that were sent, that failed, and that were not tried in time: tag {@code outcome}, sent, failed or dropped. */
    public static final String MAILS = "tutti.mails";

    /** How long one mail may take. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int PORT = 587;
    private static final int TLS_PORT = 465;

    private final Vertx vertx;
    private final MailClient client;
    private final String from;
    private final Duration patience;
    private final Counter sent;
    private final Counter failed;
    private final Counter dropped;

    /** Mails from {@code from} by the server at {@code url}, smtp or smtps, which is asked when there is one to send. */
    public SmtpMailer(URI url, String from, MeterRegistry meters) {
        this(url, from, meters, PATIENCE);
    }

    SmtpMailer(URI url, String from, MeterRegistry meters, Duration patience) {
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.client = MailClient.create(vertx, config(url, patience));
        this.from = from;
        this.patience = patience;
        this.sent = counter(meters, "sent");
        this.failed = counter(meters, "failed");
        this.dropped = counter(meters, "dropped");
    }

    @Override
    public void send(Mail mail) {
        MailMessage message = new MailMessage()
                .setFrom(from)
                .setTo(mail.to())
                .setSubject(mail.subject())
                .setText(mail.text());
        try {
            await(client.sendMail(message).toCompletionStage().toCompletableFuture());
            sent.increment();
        } catch (RuntimeException failure) {
            failed.increment();
            throw failure;
        }
    }

    @Override
    public void dropped() {
        dropped.increment();
    }

    /** Ends its connections. Blocks for at most five seconds. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = client.close()
                .eventually(() -> vertx.close())
                .toCompletionStage()
                .toCompletableFuture();
        try {
            closed.get(CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            throw new TuttiException(ErrorCode.INTERNAL, "the mail client did not close", late);
        }
    }

    private void await(CompletableFuture<?> done) {
        try {
            done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw notSent(interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw notSent(failure);
        }
    }

    private static TuttiException notSent(Exception cause) {
        return new TuttiException(
                ErrorCode.UNAVAILABLE, "a mail could not be sent; look at SMTP_URL, SMTP_FROM and that server", cause);
    }

    private static MailConfig config(URI url, Duration patience) {
        boolean tls = url.getScheme().equals("smtps");
        boolean here = THIS_MACHINE.contains(url.getHost());
        MailConfig config = new MailConfig()
                .setHostname(url.getHost())
                .setPort(url.getPort() >= 0 ? url.getPort() : tls ? TLS_PORT : PORT)
                .setSsl(tls)
                .setStarttls(
                        tls ? StartTLSOptions.DISABLED : here ? StartTLSOptions.OPTIONAL : StartTLSOptions.REQUIRED)
                .setLogin(LoginOption.NONE)
                .setKeepAlive(false)
                .setMaxPoolSize(AT_ONCE)
                .setConnectTimeout((int) CONNECT.toMillis())
                .setIdleTimeout((int) patience.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        config.setHostnameVerificationAlgorithm("HTTPS");
        @Nullable String user = url.getRawUserInfo();
        if (user != null) {
            int colon = user.indexOf(':');
            config.setLogin(LoginOption.REQUIRED)
                    .setUsername(decoded(colon < 0 ? user : user.substring(0, colon)))
                    .setPassword(colon < 0 ? "" : decoded(user.substring(colon + 1)));
        }
        return config;
    }

    /** The text that a part of a URL stands for; a plus is a plus there. */
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder(MAILS)
                .description("Mails, by whether they were sent, could not be, or were not tried in time")
                .tag("outcome", outcome)
                .register(meters);
    }
}
