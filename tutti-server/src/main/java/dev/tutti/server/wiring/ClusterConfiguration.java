package dev.tutti.server.wiring;

import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.core.presence.PresenceSettings;
import dev.tutti.core.stream.StreamSettings;
import dev.tutti.server.config.ClusterSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.EventSettings;

/** Turns the settings of several instances into those of the core. */
final class ClusterConfiguration {
    private ClusterConfiguration() {}

    static MembershipSettings members(Configuration configuration) {
        return new MembershipSettings(
                configuration.value(ClusterSettings.HEARTBEAT_INTERVAL),
                configuration.value(ClusterSettings.MEMBER_TIMEOUT));
    }

    static PresenceSettings presence(Configuration configuration) {
        PresenceSettings other = PresenceSettings.DEFAULT;
        return new PresenceSettings(
                configuration.value(ClusterSettings.PRESENCE_GRACE), other.graceOfTheDead(), other.pace());
    }

    static StreamSettings streams(Configuration configuration) {
        return StreamSettings.DEFAULT
                .withSweepInterval(configuration.value(EventSettings.SWEEP_INTERVAL))
                .withRetentionInterval(configuration.value(EventSettings.RETENTION_INTERVAL));
    }
}
