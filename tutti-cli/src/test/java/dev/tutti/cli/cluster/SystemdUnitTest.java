package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The unit for systemd that is shipped. */
class SystemdUnitTest {
    private static final Path UNIT = Path.of("..", "deploy", "systemd", "tutti.service");
    private static final Path PROGRAM = Path.of("src", "main", "dist", "bin", "tutti");

    @Test
    void itAsksTheFirstProcessAloneToLeaveAndWaitsForTheOthers() throws IOException {
        Map<String, String> service = section("[Service]");

        assertThat(service).containsEntry("KillMode", "mixed").doesNotContainKeys("KillSignal", "SendSIGKILL");
        assertThat(Duration.ofSeconds(Long.parseLong(service.getOrDefault("TimeoutStopSec", "0"))))
                .as("as long as a cluster may take")
                .isGreaterThan(LocalCluster.endsWithin(defaults()));
        assertThat(service)
                .containsEntry("ExecReload", "/bin/kill -HUP $MAINPID")
                .containsEntry("RestartPreventExitStatus", "2");
    }

    @Test
    void itStartsTheProgramOfTheDistributionAsTheProcessThatGetsTheSignal() throws IOException {
        assertThat(section("[Service]"))
                .containsEntry("Type", "exec")
                .containsEntry("ExecStart", "/opt/tutti/bin/tutti run");
        assertThat(Files.readAllLines(PROGRAM).getLast()).startsWith("exec ");
    }

    /** Its directives; each is there once. */
    private static Map<String, String> section(String wanted) throws IOException {
        Map<String, String> directives = new HashMap<>();
        String section = "";
        for (String line : Files.readAllLines(UNIT)) {
            if (line.startsWith("[")) {
                section = line;
            } else if (section.equals(wanted) && !line.isBlank() && !line.startsWith("#")) {
                assertThat(line).matches("[A-Z][A-Za-z]+=\\S.*");
                String[] parts = line.split("=", 2);
                assertThat(directives).as("said before").doesNotContainKey(parts[0]);
                directives.put(parts[0], parts[1]);
            }
        }
        return directives;
    }

    private static Configuration defaults() {
        return switch (Configuration.of(List.of(new SettingSource("environment", Map.of())))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }
}
