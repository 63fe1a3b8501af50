package dev.tutti.account;

import java.time.Duration;

/**
 * Mails that tell people what was done with their account, at an address that is or was theirs. One that finds no room in the {@link
 * MailQueue} is dropped: what it tells of was done. Safe for use by many threads; does not block.
 */
final class AccountNotices {
    /** News are news for longer than a link is good. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final String ALARM = "tell whoever runs this server.\n";

    private final UserStore users;
    private final Mailer mailer;
    private final MailQueue queue;

    /** Those about {@code users}, by {@code mailer}, in their order by {@code queue}. */
    AccountNotices(UserStore users, Mailer mailer, MailQueue queue) {
        this.users = users;
        this.mailer = mailer;
        this.queue = queue;
    }

    /** An operator has made a link with which the password of {@code profile} can be set. */
    void passwordLinkMade(Profile profile) {
        String email = profile.email();
        if (email != null) {
            Mail mail = new Mail(
                    email,
                    "A link to set a new password",
                    "An operator of this server has made a link with which a new password can be set for the account "
                            + profile.name() + ", and hands it over in a way of their own."
                            + "\n\nIf you have not asked for that, " + ALARM);
            queue.offer(() -> mailer.send(mail), PATIENCE);
        }
    }

    /** Somebody has set the password of the account {@code user} with such a link. */
    void passwordLinkUsed(String user) {
        queue.offer(() -> users.profile(user).ifPresent(this::sendLinkUsed), PATIENCE);
    }

    private void sendLinkUsed(Profile profile) {
        String email = profile.email();
        if (email != null) {
            mailer.send(new Mail(
                    email,
                    "Your password was set",
                    "A new password was set for the account " + profile.name()
                            + " with a link that an operator of this server had made. All its sessions have ended."
                            + "\n\nIf it was not you, " + ALARM));
        }
    }

    /** The account {@code user} has {@code address} no more: its owner learns of it there, and nowhere else. */
    void addressRemoved(String user, String address) {
        queue.offer(() -> sendRemoval(user, address), PATIENCE);
    }

    private void sendRemoval(String user, String address) {
        String name = users.profile(user).map(Profile::name).orElse("");
        mailer.send(new Mail(
                address,
                "Your e-mail address was removed",
                "This is the address of the account " + name
                        + " no more, and no new password can be set from here."
                        + "\n\nIf it was not you who wanted that, " + ALARM));
    }
}
