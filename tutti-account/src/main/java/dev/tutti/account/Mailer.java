package dev.tutti.account;

import org.slf4j.LoggerFactory;

/** Sends mails. Called by one thread at a time, on a virtual thread. */
@FunctionalInterface
public interface Mailer {
    /**
     * Sends {@code mail}. Blocks, within a bound of its own.
     *
     * @throws RuntimeException if it could not be sent; whoever asked for it can ask again
     */
    void send(Mail mail);

    /** Where there is nothing to send with: writes mails to the log, links included. */
    static Mailer toLog() {
        return mail -> LoggerFactory.getLogger(Mailer.class)
                .warn("No mail is sent without SMTP_URL. To {}: {}: {}", mail.to(), mail.subject(), mail.text());
    }
}
