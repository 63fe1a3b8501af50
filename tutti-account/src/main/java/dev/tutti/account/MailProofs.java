package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.limit.RateLimiter;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import dev.tutti.postgres.sql.Database;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The proofs that people give by reading their mail: that an address is theirs, and that they may set a new password. Mails are looked
 * up, written and sent behind the request, see {@link MailQueue}, so that an answer takes as long for an address that somebody
 * has as for one that nobody has. Safe for use by many threads.
 */
final class MailProofs {
    /** How long what was sent is good. */
    static final Duration TTL = Duration.ofHours(1);

    /** Between two mails of one kind to one person. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    /** How often a link is sent to an address at the wish of somebody who says that it is theirs, whoever that is. */
    static final RateLimit PER_ADDRESS = RateLimit.of(5, Duration.ofHours(1));

    /** A link that is sent later than that would be over before it is read, or soon after. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final String UNIQUE_VIOLATION = "23505";

    private final Database database;
    private final MailTokenStore tokens;
    private final PasswordLinkStore links;
    private final UserStore users;
    private final AccountChanges changes;
    private final Mailer mailer;
    private final URI page;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final MailQueue queue;
    private final AccountNotices notices;
    private final RateLimiter perAddress;

    /** Mails by {@code mailer}, in their order by {@code queue}, with links to the page at {@code page}. */
    MailProofs(
            Database database,
            UserStore users,
            AccountChanges changes,
            Mailer mailer,
            MailQueue queue,
            URI page,
            RateLimits limits) {
        this.database = database;
        this.tokens = new MailTokenStore(database);
        this.links = new PasswordLinkStore(database);
        this.users = users;
        this.changes = changes;
        this.mailer = mailer;
        this.queue = queue;
        this.notices = new AccountNotices(users, mailer, queue);
        this.page = page;
        this.perAddress = limits.limiter("links by mail address", PER_ADDRESS);
    }

    /** The mails that tell people of their account, by the same queue. */
    AccountNotices notices() {
        return notices;
    }

    /** Has the mails that wait sent until {@code deadline}, see {@link MailQueue#close}. Blocks; idempotent. */
    void close(Deadline deadline) {
        queue.close(deadline);
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
        queue.requireRoom();
        queue.add(() -> tokens.withEmail(email).ifPresent(user -> sendReset(user, email)), PATIENCE);
    }

    private void sendReset(User user, String email) {
        OneTimeToken token = OneTimeToken.fresh();
        if (tokens.put(user.id(), MailTokenStore.RESET, token, email, TTL, PAUSE)) {
            mailer.send(new Mail(
                    email,
                    "A new password",
                    "Somebody, perhaps you, wants to set a new password for the account " + user.name()
                            + ". Within an hour you can do that here:\n\n" + link("reset", token)
                            + "\n\nIf it was not you, there is nothing to do.\n"));
        }
    }

    /**
     * Sets a new password for whoever was sent {@code token}, or got it from an operator, and ends all their sessions and links. The
     * use of an operator's is told to the account's address.
     *
     * @param address the network address of whoever has the token
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it is not good
     */
    void reset(OneTimeToken token, String password, String address) {
        Optional<String> linked = links.find(token); // asked first, as a hash is costly
        Optional<MailTokenStore.Proof> mailed =
                linked.isPresent() ? Optional.empty() : tokens.find(token, MailTokenStore.RESET);
        String id = linked.or(() -> mailed.map(MailTokenStore.Proof::user)).orElseThrow(MailProofs::refused);
        User user = users.find(id).orElseThrow(MailProofs::refused);
        String hash = changes.hash(user, password, address);
        List<String> ended = database.transaction(connection -> {
            boolean set = linked.isPresent()
                    ? PasswordLinkStore.take(connection, token).equals(linked)
                            && UserStore.setPassword(connection, id, hash)
                    : setByMail(connection, token, mailed, hash);
            if (!set) {
                throw refused();
            }
            MailTokenStore.revoke(connection, id);
            PasswordLinkStore.revoke(connection, id);
            return SessionStore.revokeAllBut(connection, "", id);
        });
        changes.ended(ended);
        proven(id);
        if (linked.isPresent()) {
            notices.passwordLinkUsed(id);
        }
    }

    private static boolean setByMail(
            Connection connection, OneTimeToken token, Optional<MailTokenStore.Proof> shown, String hash)
            throws SQLException {
        Optional<MailTokenStore.Proof> taken = MailTokenStore.take(connection, token, MailTokenStore.RESET);
        return taken.isPresent()
                && taken.equals(shown)
                && MailTokenStore.setPassword(connection, taken.orElseThrow(), hash);
    }

    /**
     * Sends a link to {@code email}, which {@code profile} says is theirs, whose password was that of {@code known}. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#CONFLICT} if the password was changed meanwhile; with {@link ErrorCode#RATE_LIMITED} if they were sent one a moment ago, or several within the hour, or
     *     the address was sent as many as {@link #PER_ADDRESS} allows, at whoever's wish
     */
    void requestAddress(Profile profile, UserStore.Known known, String email) {
        queue.requireRoom();
        String destination = HexFormat.of().formatHex(Digest.sha256(email.getBytes(StandardCharsets.UTF_8)));
        Taken taken = perAddress.take(destination);
        if (!taken.isAllowed()) {
            throw new TuttiException(
                    ErrorCode.RATE_LIMITED,
                    "an address is sent " + PER_ADDRESS.count() + " such mails an hour; wait",
                    taken.untilNext());
        }
        OneTimeToken token = OneTimeToken.fresh();
        if (!tokens.put(profile.id(), MailTokenStore.EMAIL, token, email, TTL, PAUSE)) {
            perAddress.giveBack(destination);
            throw new TuttiException(
                    ErrorCode.RATE_LIMITED,
                    "you are sent a mail a minute, and " + MailTokenStore.MOST_AT_A_TIME + " an hour; wait",
                    PAUSE);
        }
        requireStill(profile, known);
        Mail mail = new Mail(
                email,
                "Your e-mail address",
                "Somebody, perhaps you, says that this is the address of the account " + profile.name()
                        + ". If it is, say so within an hour:\n\n" + link("email", token)
                        + "\n\nIf not, there is nothing to do.\n");
        queue.add(() -> mailer.send(mail), PATIENCE);
    }

    /**
     * Voids the links of an account whose password was changed meanwhile, and throws: a change voids those there are, and one
     * that is made at the same moment would give somebody who knew the former password an address of theirs at the account.
     */
    private void requireStill(Profile profile, UserStore.Known known) {
        Optional<String> hash = users.named(profile.name()).map(UserStore.Known::passwordHash);
        if (!hash.equals(Optional.of(known.passwordHash()))) {
            database.transaction(connection -> {
                MailTokenStore.revoke(connection, profile.id());
                return true;
            });
            throw new TuttiException(ErrorCode.CONFLICT, "the password was changed at the same moment");
        }
    }

    /**
     * Notes the address to which {@code token} was sent as that of whoever asked for it, and tells the former one.
     *
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it is not good, with {@link ErrorCode#CONFLICT} if the address
     *     is that of another account
     */
    void confirmAddress(OneTimeToken token) {
        queue.requireRoom();
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
        queue.requireRoom();
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
        changed.former().ifPresent(address -> notices.addressRemoved(changed.user(), address));
    }

    private String link(String purpose, OneTimeToken token) {
        return link(page, purpose, token);
    }

    /** Where the page at {@code page} takes {@code token}. It is behind the #, so that it gets into no log of a proxy and no Referer. */
    static String link(URI page, String purpose, OneTimeToken token) {
        return page.resolve("mail.html#" + purpose + "=" + token.text()).toString();
    }

    static TuttiException refused() {
        return new TuttiException(ErrorCode.FORBIDDEN, "the link is not good any more; ask for another one");
    }
}
