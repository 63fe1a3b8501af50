package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.LoginAttempts.Attempt;
import dev.tutti.account.LoginAttempts.Origin;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.postgres.sql.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The changes of an account by which sessions of it end: each is one transaction with their end, and a login that was going on
 * meanwhile either ends with them or is refused, see {@link SessionStore#open}. Safe for use by many threads; blocks.
 */
final class AccountChanges {
    private final Database database;
    private final UserStore users;
    private final LiveSessionCache sessions;
    private final Passwords passwords;
    private final LoginAttempts attempts;
    private final List<Consumer<String>> deletions = new CopyOnWriteArrayList<>();

    AccountChanges(
            Database database,
            UserStore users,
            LiveSessionCache sessions,
            Passwords passwords,
            LoginAttempts attempts) {
        this.database = database;
        this.users = users;
        this.sessions = sessions;
        this.passwords = passwords;
        this.attempts = attempts;
    }

    /** Adds what takes an account out of other tables. It may be called again for one that it was called for. */
    void onDeletion(Consumer<String> listener) {
        deletions.add(listener);
    }

    /**
     * The account of {@code profile}, whose password is {@code password}. Wrong ones count as failed logins.
     *
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it is another
     */
    UserStore.Known confirm(Profile profile, String password, Origin origin) {
        attempts.admit(origin);
        Attempt made = attempts.count(origin, profile.name(), Optional.of(profile.id()));
        UserStore.Known known = users.named(profile.name()).orElseThrow(AccountChanges::unknown);
        Optional<String> kept = Optional.of(known.passwordHash());
        if (!made.judged(() -> passwords.matches(password, kept, made.caller()))) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "the password is wrong");
        }
        attempts.succeeded(made, origin, profile.id());
        return known;
    }

    /**
     * Replaces the password of {@code known} for somebody at {@code address}, and ends all links that were mailed and
     * all sessions but {@code kept}.
     */
    void changePassword(UserStore.Known known, String password, String kept, String address) {
        String id = known.user().id();
        String hash = hash(known.user(), password, address);
        List<String> ended = database.transaction(connection -> {
            if (!UserStore.changePassword(connection, id, known.passwordHash(), hash)) {
                throw new TuttiException(ErrorCode.CONFLICT, "the password was changed at the same moment");
            }
            MailTokenStore.revoke(connection, id);
            PasswordLinkStore.revoke(connection, id);
            return SessionStore.revokeAllBut(connection, kept, id);
        });
        ended(ended);
    }

    /** The hash of a new password of {@code user}, who is at {@code address}; it throws if that is easy to guess. */
    String hash(User user, String password, String address) {
        FairPermits.Caller caller = new FairPermits.Caller(user.id(), true, address);
        return passwords.hashNew(password, caller, user.name(), user.displayName());
    }

    /** Sessions have ended in the database. */
    void ended(List<String> ids) {
        ids.forEach(sessions::ended);
    }

    /** Makes an administrator of somebody or not, disables them or not; null for what stays. */
    Profile administer(String id, @Nullable Boolean admin, @Nullable Boolean disabled) {
        List<String> ended = new ArrayList<>();
        Profile profile = database.transaction(connection -> {
            ended.clear(); // of a try before
            Profile changed =
                    UserStore.administer(connection, id, admin, disabled).orElseThrow(AccountChanges::unknown);
            if (changed.disabled()) {
                MailTokenStore.revoke(connection, id);
                PasswordLinkStore.revoke(connection, id);
                ended.addAll(SessionStore.revokeAllBut(connection, "", id));
            }
            return changed;
        });
        ended(ended);
        return profile;
    }

    /**
     * Deletes the account. The data that others keep of it is taken out before, so that its owner can try again after a failure, and
     * again behind it, for what was added meanwhile. Of an account that is deleted already that is done once more, as it may have failed.
     */
    void delete(String id) {
        if (users.find(id).isEmpty() && !users.wasDeleted(id)) {
            throw unknown();
        }
        deletions.forEach(listener -> listener.accept(id));
        List<String> ended = database.transaction(connection -> {
            UserStore.erase(connection, id);
            return SessionStore.forget(connection, id);
        });
        ended.forEach(sessions::ended);
        deletions.forEach(listener -> listener.accept(id));
    }

    static TuttiException unknown() {
        return new TuttiException(ErrorCode.NOT_FOUND, "there is no such account");
    }
}
