package dev.tutti.server.wiring;

import dev.tutti.core.InstanceId;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.TestConfiguration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Servers that look by themselves once an hour, much later than a test waits: at which logins have ended, and at the certificate. So a
 * test sees only what they were told.
 */
final class ServerWithoutChecks {
    static final String SECRET = "a-secret-of-the-tests-and-of-no-one-else";

    private static final Duration PAUSE = Duration.ofHours(1);

    private ServerWithoutChecks() {}

    /** Starts one on {@code database} with {@code settings}. */
    static Server start(String database, Map<String, String> settings) {
        Map<String, String> values = new HashMap<>(settings);
        values.put("DATABASE_URL", database);
        values.put("JWT_SECRET", SECRET);
        values.put("PORT", "0");
        values.put("DB_MAX_CONNECTIONS", "40");
        Configuration configuration = TestConfiguration.of(values);
        return Server.start(
                configuration,
                InstanceId.random(),
                Application.NONE,
                edge -> edge.withTimes(edge.times().withSessionCheck(PAUSE).withCertificateCheck(PAUSE)));
    }
}
