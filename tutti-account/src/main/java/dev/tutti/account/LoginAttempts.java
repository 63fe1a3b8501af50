package dev.tutti.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.ErrorCode;
import dev.tutti.account.Devices.Device;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.limit.RateLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The bounds of attempts to log in, and whose attempts count against whom. Strangers have the attempts of their address and
 * those that all strangers have at a name. A person who logged in at a name before, from this browser or address, has
 * attempts of their own. Safe for use by many threads.
 */
final class LoginAttempts {
    private static final int REMEMBERED = 100_000;
    private static final Duration STAYS_KNOWN = Duration.ofDays(30);

    private final AttemptLimit failuresByName;
    private final AttemptLimit failuresByAddress;
    private final AttemptLimit failuresByKnown;
    private final AttemptLimit registrations;
    private final Cache<Known, Boolean> known;

    LoginAttempts(LimitSettings settings, RateLimits limits, LongSupplier ticker) {
        this.failuresByName = new AttemptLimit("logins by name", settings.failuresPerName(), limits);
        this.failuresByAddress = AttemptLimit.byAddress("logins by address", settings.failuresPerAddress(), limits);
        this.failuresByKnown = new AttemptLimit("logins where known", settings.failuresPerName(), limits);
        this.registrations =
                AttemptLimit.byAddress("registrations by address", settings.registrationsPerAddress(), limits);
        this.known = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterAccess(STAYS_KNOWN)
                .ticker(ticker::getAsLong)
                .build();
    }

    private record Known(String user, String holder) {}

    /**
     * Where an attempt comes from.
     *
     * @param holder whose the network address is
     * @param device the browser, if it shows that it has logged in before
     */
    record Origin(String holder, Optional<Device> device) {
        static Origin of(String address, Optional<Device> device) {
            return new Origin(NetworkAddress.holder(address), device);
        }
    }

    /** An attempt that was counted, and as whose: wrong ones stay counted. */
    record Attempt(FairPermits.Caller caller, AttemptLimit limit, String key, Optional<String> address) {
        /**
         * Whether the password is right, as {@code matches} says. An attempt that it could not judge, because too many others were
         * being judged, does not count at the name, which that would lock; at its address it does, as it cost a look-up.
         */
        boolean judged(BooleanSupplier matches) {
            boolean judged = false;
            try {
                boolean right = matches.getAsBoolean();
                judged = true;
                return right;
            } finally {
                if (!judged) {
                    limit.giveBack(key);
                }
            }
        }
    }

    /** Counts a new account; throws {@link ErrorCode#RATE_LIMITED} as the others do. */
    FairPermits.Caller register(Origin origin) {
        registrations.take(origin.holder());
        return new FairPermits.Caller(origin.holder(), false);
    }

    /** Counts an attempt of whoever is not known, before anything is looked up; others are counted by {@link #count}. */
    void admit(Origin origin) {
        if (origin.device().isEmpty()) {
            failuresByAddress.take(origin.holder());
        }
    }

    /** Counts an attempt at {@code name}, which is that of {@code user} if there is one. */
    Attempt count(Origin origin, String name, Optional<String> user) {
        Optional<String> deviceOf = origin.device()
                .filter(device -> user.equals(Optional.of(device.user())))
                .map(Device::id);
        if (deviceOf.isPresent()) {
            return count(
                    failuresByKnown,
                    "device " + deviceOf.get(),
                    new FairPermits.Caller(name, true, origin.holder()),
                    Optional.empty());
        }
        if (origin.device().isPresent()) { // somebody else's
            failuresByAddress.take(origin.holder());
        }
        boolean here = user.isPresent() && known.getIfPresent(new Known(user.get(), origin.holder())) != null;
        return here
                ? count(
                        failuresByKnown,
                        origin.holder() + " " + name,
                        new FairPermits.Caller(name, true, origin.holder()),
                        Optional.of(origin.holder()))
                : count(
                        failuresByName,
                        name,
                        new FairPermits.Caller(origin.holder(), false),
                        Optional.of(origin.holder()));
    }

    private static Attempt count(AttemptLimit limit, String key, FairPermits.Caller caller, Optional<String> address) {
        limit.take(key);
        return new Attempt(caller, limit, key, address);
    }

    /** It was right, and does not count. */
    void succeeded(Attempt made, Origin origin, String user) {
        made.limit().giveBack(made.key());
        made.address().ifPresent(failuresByAddress::giveBack);
        remember(user, origin);
    }

    /** {@code user} has logged in from there. */
    void remember(String user, Origin origin) {
        known.put(new Known(user, origin.holder()), true);
    }
}
