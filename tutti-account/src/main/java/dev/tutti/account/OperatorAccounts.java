package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.postgres.sql.Database;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that operators make, and the links that they hand to people who are to set a password: {@link MailProofs#reset} takes their
 * tokens as those of mails. Safe for use by many threads; blocks.
 */
final class OperatorAccounts {
    private final Database database;
    private final UserStore users;
    private final Passwords passwords;
    private final AccountChanges changes;
    private final AccountNotices notices;
    private final URI page;

    /** Those of {@code users}, who are told by {@code notices}, with links to the page at {@code page}. */
    OperatorAccounts(
            Database database,
            UserStore users,
            Passwords passwords,
            AccountChanges changes,
            AccountNotices notices,
            URI page) {
        this.database = database;
        this.users = users;
        this.passwords = passwords;
        this.changes = changes;
        this.notices = notices;
        this.page = page;
    }

    /** With what somebody sets a password: a token, which is not kept, the link to the page with it, and until when it is good. */
    record PasswordLink(String token, String link, Instant expiresAt) {}

    /** An account that was made just now, and, if it has no password yet, the link to set one. */
    record CreatedAccount(User user, @Nullable PasswordLink passwordLink) {}

    /**
     * Makes the account of {@code user}, for the operator {@code by}.
     *
     * @param password null for one that the person sets with a link, which is good for {@code ttl}
     * @throws TuttiException with {@link ErrorCode#CONFLICT} if the name is taken, with {@link ErrorCode#BAD_REQUEST} if the password is
     *     easy to guess
     */
    CreatedAccount make(User user, @Nullable String password, Duration ttl, String by) {
        if (users.named(user.name()).isPresent()) { // a hash is costly
            throw UserStore.taken(user);
        }
        String hash = password == null
                ? unknownHash(by)
                : passwords.hashNew(password, caller(by), user.name(), user.displayName());
        OneTimeToken token = OneTimeToken.fresh();
        return database.transaction(connection -> {
            if (!UserStore.add(connection, user, hash, false)) {
                throw UserStore.taken(user);
            }
            @Nullable
            PasswordLink link =
                    password == null ? link(token, PasswordLinkStore.put(connection, user.id(), token, ttl)) : null;
            return new CreatedAccount(user, link);
        });
    }

    /**
     * A link to set another password of the account {@code id}; the one before is void. Until it is used the password is what it was.
     * The account's address is told.
     *
     * @throws TuttiException with {@link ErrorCode#NOT_FOUND} if there is no such account, with {@link ErrorCode#CONFLICT} if it is
     *     disabled
     */
    PasswordLink link(String id, Duration ttl) {
        OneTimeToken token = OneTimeToken.fresh();
        Linked linked = database.transaction(connection -> {
            Profile profile = requireEnabled(connection, id);
            return new Linked(profile, PasswordLinkStore.put(connection, id, token, ttl));
        });
        notices.passwordLinkMade(linked.profile());
        return link(token, linked.until());
    }

    private record Linked(Profile profile, Instant until) {}

    /**
     * The same for an account that somebody else has got into, for the operator {@code by}: its password, sessions, e-mail address and
     * the links that were mailed are void at once, so that this link alone leads into it. The address that it had is told.
     *
     * @throws TuttiException as {@link #link} does, and with {@link ErrorCode#OVERLOADED} if too many log in at this moment
     */
    PasswordLink recover(String id, Duration ttl, String by) {
        if (users.find(id).isEmpty()) { // a hash is costly
            throw AccountChanges.unknown();
        }
        String hash = unknownHash(by);
        OneTimeToken token = OneTimeToken.fresh();
        Recovered recovered = database.transaction(connection -> {
            Profile _ = requireEnabled(connection, id);
            if (!UserStore.setPassword(connection, id, hash)) {
                throw AccountChanges.unknown();
            }
            MailTokenStore.revoke(connection, id);
            Optional<String> former = MailTokenStore.setEmail(connection, id, Optional.empty());
            Instant until = PasswordLinkStore.put(connection, id, token, ttl);
            return new Recovered(former, SessionStore.revokeAllBut(connection, "", id), until);
        });
        changes.ended(recovered.sessions());
        recovered.address().ifPresent(address -> notices.addressRemoved(id, address));
        return link(token, recovered.until());
    }

    private record Recovered(Optional<String> address, List<String> sessions, Instant until) {}

    private static Profile requireEnabled(Connection connection, String id) throws SQLException {
        if (!UserStore.hold(connection, id)) {
            throw AccountChanges.unknown();
        }
        Profile profile = UserStore.profile(connection, id).orElseThrow(AccountChanges::unknown);
        if (profile.disabled()) {
            throw new TuttiException(ErrorCode.CONFLICT, "the account is disabled; enable it first");
        }
        return profile;
    }

    /** Of a password that nobody knows. */
    private String unknownHash(String by) {
        return passwords.hash(OneTimeToken.fresh().text(), caller(by));
    }

    private static FairPermits.Caller caller(String operator) {
        return new FairPermits.Caller(operator, true);
    }

    private PasswordLink link(OneTimeToken token, Instant until) {
        return new PasswordLink(token.text(), MailProofs.link(page, "reset", token), until);
    }
}
