package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.postgres.sql.Database;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What people show by reading their mail: that an address is theirs, and that they may set a new password. Mails are looked
 * up, written and sent one after the other behind the request, at most 1,000 of them waiting, so that an answer takes as
 * long for an address that somebody has as for one that nobody has. Those that wait when the instance leaves are not sent.
 * Safe for use by many threads.
 */
final class MailProofs {
    /** How long what was sent is good. */
    static final Duration TTL = Duration.ofHours(1);

    /** Between two mails of one kind to one person. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final int MOST_WAITING = 1_000;
    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;
    private final MailTokenStore tokens;
    private final UserStore users;
    private final AccountChanges changes;
    private final Mailer mailer;
    private final URI page;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final SerialExecutor sending = new SerialExecutor("tutti-mail");

    /** Mails by {@code mailer}, with links to the page at {@code page}. */
    MailProofs(Database database, UserStore users, AccountChanges changes, Mailer mailer, URI page) {
        this.database = database;
        this.tokens = new MailTokenStore(database);
        this.users = users;
        this.changes = changes;
        this.mailer = mailer;
        this.page = page;
    }

    /** Adds what is told the id of the account for which a link was used, by the thread that asks. */
    void onProof(Consumer<String> listener) {
        listeners.add(listener);
    }

    private void proven(String user) {
        listeners.forEach(listener -> listener.accept(user));
    }

    /** Sends a link to whoever has {@code email}, if anybody has. Does not block, and tells nothing. */
    void requestReset(String email) {
        queue(() -> tokens.withEmail(email).ifPresent(user -> {
            OneTimeToken token = OneTimeToken.fresh();
            if (tokens.put(user.id(), MailTokenStore.RESET, token, email, TTL, PAUSE)) {
                mailer.send(new Mail(
                        email,
                        "A new password",
                        "Somebody, perhaps you, wants to set a new password for the account " + user.name()
                                + ". Within an hour you can do that here:\n\n" + link("reset", token)
                                + "\n\nIf it was not you, there is nothing to do.\n"));
            }
        }));
    }

    /**
     * Sets a new password for whoever was sent {@code token}, and ends all their sessions and links.
     *
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it is not good
     */
    void reset(OneTimeToken token, String password) {
        MailTokenStore.Proof shown =
                tokens.find(token, MailTokenStore.RESET).orElseThrow(MailProofs::refused); // a hash is costly
        Profile profile = users.profile(shown.user()).orElseThrow(MailProofs::refused);
        PasswordStrength.require(password, profile.name(), profile.displayName());
        String hash = changes.hash(profile.id(), password);
        List<String> ended = database.transaction(connection -> {
            MailTokenStore.Proof proof = MailTokenStore.take(connection, token, MailTokenStore.RESET)
                    .filter(shown::equals)
                    .orElseThrow(MailProofs::refused);
            if (!MailTokenStore.setPassword(connection, proof, hash)) {
                throw refused();
            }
            MailTokenStore.revoke(connection, proof.user());
            return SessionStore.revokeAllBut(connection, "", proof.user());
        });
        changes.ended(ended);
        proven(shown.user());
    }

    /**
     * Sends a link to {@code email}, which {@code profile} says is theirs. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#RATE_LIMITED} if they were sent one a moment ago, or several within the hour
     */
    void requestAddress(Profile profile, String email) {
        OneTimeToken token = OneTimeToken.fresh();
        if (!tokens.put(profile.id(), MailTokenStore.EMAIL, token, email, TTL, PAUSE)) {
            throw new TuttiException(
                    ErrorCode.RATE_LIMITED,
                    "you are sent a mail a minute, and " + MailTokenStore.MOST_AT_A_TIME + " an hour; wait",
                    PAUSE);
        }
        queue(() -> mailer.send(new Mail(
                email,
                "Your e-mail address",
                "Somebody, perhaps you, says that this is the address of the account " + profile.name()
                        + ". If it is, say so within an hour:\n\n" + link("email", token)
                        + "\n\nIf not, there is nothing to do.\n")));
    }

    /**
     * Notes the address to which {@code token} was sent as that of whoever asked for it, and tells the former one.
     *
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it is not good, with {@link ErrorCode#CONFLICT} if the address
     *     is that of another account
     */
    void confirmAddress(OneTimeToken token) {
        requireRoom();
        Changed changed = database.transaction(connection -> {
            MailTokenStore.Proof proof =
                    MailTokenStore.take(connection, token, MailTokenStore.EMAIL).orElseThrow(MailProofs::refused);
            try {
                return changed(
                        proof.user(),
                        Optional.of(proof.email()),
                        MailTokenStore.setEmail(connection, proof.user(), Optional.of(proof.email())));
            } catch (SQLException failure) {
                if (UNIQUE_VIOLATION.equals(failure.getSQLState())) {
                    throw new TuttiException(ErrorCode.CONFLICT, "another account has this address");
                }
                throw failure;
            }
        });
        proven(changed.user());
        tell(changed);
    }

    /** The person with {@code id} has no address any more; the one that they had is told. */
    void removeAddress(String id) {
        requireRoom();
        tell(database.transaction(connection -> {
            Optional<String> former = MailTokenStore.setEmail(connection, id, Optional.empty());
            MailTokenStore.revoke(connection, id);
            return changed(id, Optional.empty(), former);
        }));
    }

    /** @param former the address that counts no more */
    private record Changed(String user, Optional<String> former) {}

    private static Changed changed(String user, Optional<String> now, Optional<String> former) {
        return new Changed(user, former.filter(address -> !now.equals(Optional.of(address))));
    }

    /** The owner of an address that a thief has replaced learns of it there, and nowhere else. */
    private void tell(Changed changed) {
        changed.former()
                .ifPresent(address -> sending.execute(() -> {
                    String name =
                            users.profile(changed.user()).map(Profile::name).orElse("");
                    mailer.send(new Mail(
                            address,
                            "Your e-mail address was removed",
                            "This is the address of the account " + name
                                    + " no more, and no new password can be set from here."
                                    + "\n\nIf it was not you who wanted that, tell whoever runs this server.\n"));
                }));
    }

    private void requireRoom() {
        if (sending.waiting() >= MOST_WAITING) {
            throw new TuttiException(ErrorCode.OVERLOADED, MOST_WAITING + " mails are waiting to be sent");
        }
    }

    private void queue(Runnable task) {
        requireRoom();
        sending.execute(task);
    }

    /** Behind the #, so that it gets into no log of a proxy and no Referer. */
    private String link(String purpose, OneTimeToken token) {
        return page.resolve("mail.html#" + purpose + "=" + token.text()).toString();
    }

    static TuttiException refused() {
        return new TuttiException(ErrorCode.FORBIDDEN, "the link is not good any more; ask for another one");
    }
}
