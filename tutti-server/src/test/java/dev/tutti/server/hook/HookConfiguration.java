package dev.tutti.server.hook;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.TestConfiguration;
import java.util.HashMap;
import java.util.Map;

/** Configurations of servers that ask a backend by hooks. */
final class HookConfiguration {
    private HookConfiguration() {}

    /** The one that asks {@code url}, and has {@code more} settings. */
    static Configuration of(String url, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("TUTTI_HOOK_URL", url);
        values.put("TUTTI_HOOK_SECRET", "whsec_" + "c2VjcmV0".repeat(4));
        return TestConfiguration.of(values);
    }
}
