package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.LIMITS;

import dev.tutti.edge.http.LimitRule;
import java.util.List;

/** The settings of how many requests are answered. */
public final class RateLimitSettings {
    public static final Setting<List<LimitRule>> RATE_LIMITS = Setting.open(
            "TUTTI_RATE_LIMITS",
            LIMITS,
            new Type<>(
                    "[METHOD] /path by address|account|key|route: COUNT per TIME [burst COUNT]; several, separated by"
                            + " semicolons",
                    RateLimitSettings::rules),
            "",
            "Rules that limit the number of requests, counted over all instances. Example: POST /api/auth/login by"
                    + " address: 10 per 1m; /api/* by account: 600 per 1m burst 100. In the path a * matches one"
                    + " segment, and at the end one or more. Not set: no such limits. The same for all instances. See"
                    + " docs/limits.md.");

    private static final List<String> PUBLIC_PAGE = List.of("api", "streams", "any");

    private RateLimitSettings() {}

    /** Says so where anybody may read streams, and nothing bounds how many pages one address reads. */
    static List<ConfigurationError> warnings(SettingValues values) {
        boolean open = values.value(IdentitySettings.RIGHTS).stream().anyMatch(rule -> rule.startsWith("anybody:"));
        boolean bounded = values.value(RATE_LIMITS).stream()
                .anyMatch(rule -> rule.by() == LimitRule.By.ADDRESS && rule.matches("GET", PUBLIC_PAGE));
        return open && !bounded
                ? List.of(new ConfigurationError(
                        IdentitySettings.RIGHTS.name(),
                        "(" + values.from(IdentitySettings.RIGHTS) + ") lets anybody read streams, and "
                                + RATE_LIMITS.name()
                                + " has no rule by address for their pages, such as 'GET /api/streams/* by address: 60 per"
                                + " 1m'"))
                : List.of();
    }

    private static List<LimitRule> rules(String text) throws InvalidValueException {
        try {
            return LimitRule.parse(text);
        } catch (IllegalArgumentException mistake) {
            throw new InvalidValueException(String.valueOf(mistake.getMessage()));
        }
    }
}
