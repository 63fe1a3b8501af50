package dev.tutti.server.wiring;

import dev.tutti.core.feed.FeedSettings;
import dev.tutti.core.lease.LeaseSettings;
import dev.tutti.core.worker.WorkerSettings;
import dev.tutti.member.Role;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.EventSettings;
import dev.tutti.server.config.ServerSettings;
import dev.tutti.server.config.WebhookSettings;
import dev.tutti.server.config.WorkSettings;
import dev.tutti.server.webhook.WebhookLimits;
import java.util.Optional;
import java.util.Set;

/** Turns the settings of an instance's work into those of the core. */
final class WorkConfiguration {
    private WorkConfiguration() {}

    static WorkerSettings workers(Configuration configuration) {
        return role(configuration).runsWorkers()
                ? new WorkerSettings(
                        true,
                        Set.copyOf(configuration.value(WorkSettings.WORKER_TYPE)),
                        configuration.value(WorkSettings.WORKER_COUNT).orElse(Integer.MAX_VALUE))
                : WorkerSettings.NONE;
    }

    static LeaseSettings leases(Configuration configuration) {
        return new LeaseSettings(configuration.value(WorkSettings.LEASE_TTL));
    }

    static FeedSettings feeds(Configuration configuration) {
        return new FeedSettings(
                Set.copyOf(configuration.value(EventSettings.FEED_VOLATILE)), FeedSettings.DEFAULT.memoryBytes());
    }

    static WebhookLimits webhooks(Configuration configuration) {
        return new WebhookLimits(
                configuration.value(WebhookSettings.TIMEOUT),
                configuration.value(WebhookSettings.LONGEST_PAUSE),
                configuration.value(WebhookSettings.DISABLE_AFTER));
    }

    /** How the other instances know it. */
    static Role role(Configuration configuration) {
        return configuration.value(WorkSettings.APP_MODE);
    }

    /** Whether clients are answered. */
    static boolean answers(Configuration configuration) {
        return role(configuration).answersClients();
    }

    /** The port that is listened on first: without clients, the operator's. */
    static int port(Configuration configuration) {
        int port = configuration.value(ServerSettings.PORT);
        return answers(configuration)
                ? port
                : configuration.value(ServerSettings.OPERATOR_PORT).orElse(port);
    }

    /** The operator's own port, where it is another one. */
    static Optional<Integer> operatorPort(Configuration configuration) {
        return answers(configuration) ? configuration.value(ServerSettings.OPERATOR_PORT) : Optional.empty();
    }
}
