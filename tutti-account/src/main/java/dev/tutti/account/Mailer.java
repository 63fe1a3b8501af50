package dev.tutti.account;

import org.slf4j.LoggerFactory;

/** Sends mails. Called by at most {@value #AT_ONCE} virtual threads at a time. */
@FunctionalInterface
public interface Mailer {
    /** How many mails are sent at a time. */
    int AT_ONCE = 4;

    /**
     * Sends {@code mail}. Blocks, within a bound of its own.
     *
     * @throws RuntimeException if it could not be sent; whoever asked for it can ask again
     */
    void send(Mail mail);

    /**
     * Counts a mail that is not sent, as it has waited for too long, found no room, or waited still when the instance left. Does not
     * block.
     */
    default void dropped() {}

    /** Where there is nothing to send with: writes mails to the log, links included. */
    static Mailer toLog() {
        return mail -> LoggerFactory.getLogger(Mailer.class)
                .warn("No mail is sent without SMTP_URL. To {}: {}: {}", mail.to(), mail.subject(), mail.text());
    }
}
