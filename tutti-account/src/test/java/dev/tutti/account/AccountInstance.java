package dev.tutti.account;

import dev.tutti.core.JsonCodec;
import dev.tutti.testkit.fixture.MovedClock;
import dev.tutti.testkit.fixture.RoutedInstance;
import dev.tutti.testkit.fixture.TestRoutes;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;

/** The accounts of one instance, on the database that all of them share. */
final class AccountInstance implements RoutedInstance, AutoCloseable {
    /** Quick hashes and no limits to speak of, but where a test is about those. */
    static final AccountSettings SETTINGS = AccountSettings.of("a secret of 32 characters or more")
            .withPasswords(new PasswordSettings(64, 1, 8, 1_000, Duration.ofSeconds(60)))
            .withLimits(new LimitSettings(100_000, 100_000, 100_000));

    private static final JsonCodec JSON = new JsonCodec();

    private final Accounts accounts;
    private final TestRoutes routes = newRoutes();
    private final Clock clock;
    private final BlockingQueue<Mail> mails = new LinkedBlockingQueue<>();

    AccountInstance() {
        this(SETTINGS);
    }

    AccountInstance(AccountSettings settings) {
        this(settings, System::nanoTime);
    }

    AccountInstance(AccountSettings settings, LongSupplier ticker) {
        this(settings, new MovedClock(Clock.systemUTC()), ticker);
    }

    /** The same, with {@code clock} telling when tokens run out. */
    AccountInstance(AccountSettings settings, Clock clock, LongSupplier ticker) {
        this.clock = clock;
        accounts = new Accounts(AccountDatabase.shared(), settings, clock, mails::add, ticker);
        accounts.routes(routes);
        accounts.preferenceRoutes(routes, accounts, true);
        accounts.avatars(routes, (_, sent, _) -> new Avatar("image/png", sent));
        accounts.administration(routes, accounts.administrators());
    }

    /** Routes whose bodies are read and written as by a server; none yet. */
    static TestRoutes newRoutes() {
        return new TestRoutes(JSON::write, JSON::read);
    }

    Accounts accounts() {
        return accounts;
    }

    /** The mails that this instance has sent. */
    BlockingQueue<Mail> mails() {
        return mails;
    }

    @Override
    public TestRoutes routes() {
        return routes;
    }

    /** The wall clock that tokens go by. */
    MovedClock clock() {
        return (MovedClock) clock;
    }

    @Override
    public void close() {
        accounts.close();
    }
}
