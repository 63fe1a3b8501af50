package dev.tutti.server.wiring;

import dev.tutti.core.Tutti;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.hook.Hooks;
import dev.tutti.server.identity.Identities;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.FeedAccess;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The checks of clients: who they are, and whether they may come in. Safe for use by many threads; they block.
 *
 * @param identities everybody who may come in unless the hooks refuse it
 * @param hooks the questions to the team's backend, where it has one
 * @param authenticator finds out who a client is, and asks the hooks
 * @param people the same, of what only people have
 * @param feeds says which feeds a client may read and publish, and asks the hooks
 */
record ClientAccess(
        Identities identities,
        Optional<Hooks> hooks,
        Authenticator authenticator,
        Authenticator people,
        FeedAccess feeds) {
    /** The checks by {@code identities}, and after them by the hooks that {@code configuration} says. */
    static ClientAccess of(
            Configuration configuration, Identities identities, Tutti tutti, Clock clock, LongSupplier ticker) {
        Optional<Hooks> hooks = Hooks.of(configuration, tutti, clock, ticker);
        return new ClientAccess(
                identities,
                hooks,
                hooks.map(each -> each.authenticator(identities)).orElse(identities),
                hooks.map(each -> each.authenticator(identities.people())).orElseGet(identities::people),
                hooks.map(each -> each.feeds(identities)).orElse(identities));
    }
}
