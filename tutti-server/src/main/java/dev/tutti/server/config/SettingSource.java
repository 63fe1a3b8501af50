package dev.tutti.server.config;

import java.util.Map;

/**
 * A place from which values come.
 *
 * @param name as shown to people, for example {@code environment}
 * @param values by the settings' names; other names may be among them
 */
public record SettingSource(String name, Map<String, String> values) {
    public SettingSource {
        values = Map.copyOf(values);
    }
}
