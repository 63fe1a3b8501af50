package dev.tutti.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.stream.StreamSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import dev.tutti.socketio.SocketIoSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Settings of the server, as they reach the capability that they are of. */
class CapabilitySettingsTest {
    private static Configuration configuration(Map<String, String> values) {
        return switch (Configuration.of(List.of(new SettingSource("environment", values)))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }

    @Test
    void theTimesOfSocketIoAreSettings() {
        Configuration configuration = configuration(Map.of(
                "TUTTI_PING_TIMEOUT",
                "7s",
                "TUTTI_SOCKETIO_CONNECT_TIMEOUT",
                "45s",
                "TUTTI_SOCKETIO_UPGRADE_TIMEOUT",
                "3s"));

        assertThat(EdgeConfiguration.socketIo(configuration))
                .isEqualTo(SocketIoSettings.DEFAULT
                        .withPingTimeout(Duration.ofSeconds(7))
                        .withConnectTimeout(Duration.ofSeconds(45))
                        .withUpgradeTimeout(Duration.ofSeconds(3)));
    }

    @Test
    void thePausesOfStreamsAreSettings() {
        Configuration configuration =
                configuration(Map.of("TUTTI_SWEEP_INTERVAL", "2s", "TUTTI_RETENTION_INTERVAL", "30s"));

        assertThat(ClusterConfiguration.streams(configuration))
                .isEqualTo(StreamSettings.DEFAULT
                        .withSweepInterval(Duration.ofSeconds(2))
                        .withRetentionInterval(Duration.ofSeconds(30)));
    }

    @Test
    void unsetTheyAreThoseOfTheLibrary() {
        Configuration unset = configuration(Map.of());

        assertThat(EdgeConfiguration.socketIo(unset)).isEqualTo(SocketIoSettings.DEFAULT);
        assertThat(ClusterConfiguration.streams(unset)).isEqualTo(StreamSettings.DEFAULT);
    }
}
