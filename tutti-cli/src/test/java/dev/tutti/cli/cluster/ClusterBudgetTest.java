package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.lifecycle.Lifecycle;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The time that the parts of a cluster have to end in. */
class ClusterBudgetTest {
    private static final List<String> BEFORE_WORKERS =
            List.of("lock", "embedded PostgreSQL", "Redis", "balancer", "health checks");

    /** The end of a JVM after its budget, and the end of one that is killed. */
    private static final Duration BEYOND = Duration.ofSeconds(15);

    @ParameterizedTest
    @ValueSource(strings = {"1s", "30s", "105s", "5m", "10m"})
    void theDatabaseOfTheWorkersStaysUntilTheyHaveUsedTheirBudget(String budget) {
        Configuration configuration = configuration(Map.of("TUTTI_SHUTDOWN_BUDGET", budget));
        List<Duration> left = new CopyOnWriteArrayList<>();
        Lifecycle parts = new Lifecycle(LocalCluster.endsWithin(configuration));
        BEFORE_WORKERS.forEach(name -> parts.started(name, name, (_, _) -> {}));
        parts.started("workers", "workers", (_, deadline) -> left.add(deadline.left()));
        parts.started("control", "control", (_, _) -> {});

        parts.close();

        assertThat(left).hasSize(1);
        assertThat(left.getFirst()).isGreaterThan(Duration.parse("PT" + budget).plus(BEYOND));
    }

    private static Configuration configuration(Map<String, String> environment) {
        return switch (Configuration.of(List.of(new SettingSource("environment", environment)))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }
}
