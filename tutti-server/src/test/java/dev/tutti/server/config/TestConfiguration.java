package dev.tutti.server.config;

import java.util.List;
import java.util.Map;

/** Configurations of tests, of which each is without a mistake. */
public final class TestConfiguration {
    private TestConfiguration() {}

    /** The one that is said in the {@code environment}; fails with its mistakes if there are any. */
    public static Configuration of(Map<String, String> environment) {
        return switch (Configuration.of(List.of(new SettingSource("environment", environment)))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }
}
