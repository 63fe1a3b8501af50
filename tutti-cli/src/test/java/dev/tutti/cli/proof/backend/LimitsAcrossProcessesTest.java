package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.proof.EqualInstances;
import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ServerApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Three real processes on one PostgreSQL, which are asked in turn. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsAcrossProcessesTest {
    private static final Account ROOT = new Account("", "root", ApiKeys.root(Solo.SECRET));

    private static final Pattern LATE = Pattern.compile("(?m)^tutti_limit_store_failures_total\\S* (\\S+)$");
    private static final int ATTEMPTS = 5;

    private EqualInstances instances;
    private List<ServerApi> apis;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        instances = EqualInstances.start(
                directory,
                3,
                Map.of(
                        "TUTTI_LOGIN_FAILURES_PER_NAME",
                        "4",
                        "TUTTI_RATE_LIMITS",
                        "GET /api/auth/me by account: 5 per 1h; GET /api/server/jobs by key: 4 per 1h"));
        apis = instances.apis();
    }

    @AfterAll
    void stop() {
        instances.close();
    }

    private List<Integer> inTurn(int times, String path, Account account) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            statuses.add(apis.get(i % 3).send("GET", path, account, null).status());
        }
        return statuses;
    }

    private static List<Integer> allowed(int times) {
        List<Integer> statuses = new ArrayList<>(Collections.nCopies(times, 200));
        statuses.add(429);
        statuses.add(429);
        return statuses;
    }

    /** What a limit is tried with for the {@code number}th time. */
    private interface Attempt {
        void with(int number) throws Exception;
    }

    /** A call of the store that was late is decided by the instance's share: then somebody else tries. */
    private void exactly(Attempt attempt) throws Exception {
        for (int number = 1; ; number++) {
            double before = lateCalls();
            try {
                attempt.with(number);
                return;
            } catch (AssertionError inexact) {
                if (lateCalls() == before || number == ATTEMPTS) {
                    throw inexact;
                }
            }
        }
    }

    private double lateCalls() throws Exception {
        double all = 0;
        for (ServerApi api : apis) {
            Matcher found = LATE.matcher(
                    api.send("GET", "/metrics", null, null).response().body());
            assertThat(found.find()).isTrue();
            all += Double.parseDouble(found.group(1));
        }
        return all;
    }

    @Test
    void anAccountIsCountedAtAllInstances() throws Exception {
        exactly(number -> {
            Account ann = apis.getFirst().register("ann" + number);
            Account bob = apis.getFirst().register("bob" + number);
            assertThat(inTurn(7, "/api/auth/me", ann)).isEqualTo(allowed(5));
            assertThat(inTurn(1, "/api/auth/me", bob)).containsExactly(200);
            Api.Answer refused = apis.getFirst().send("GET", "/api/auth/me", ann, null);
            assertThat(refused.error()).isEqualTo("rate_limited");
            assertThat(refused.response().headers().firstValue("RateLimit-Policy"))
                    .contains("\"GET /api/auth/me by account\";q=5;w=3600");
        });
    }

    @Test
    void aKeyIsCountedAtAllInstances() throws Exception {
        exactly(number -> {
            Map<String, Object> wish = Map.of("name", "limited-" + number, "capabilities", List.of("jobs"));
            String token = apis.getFirst()
                    .post("/api/server/keys", ROOT, wish)
                    .path("token")
                    .asString();
            assertThat(inTurn(6, "/api/server/jobs", new Account("", "key", token)))
                    .isEqualTo(allowed(4));
        });
    }

    @Test
    void wrongPasswordsAreCountedAtAllInstances() throws Exception {
        exactly(number -> {
            Account eve = apis.getFirst().register("eve" + number);
            Map<String, String> wrong = Map.of("name", eve.name(), "password", "not the right one");
            List<String> errors = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                errors.add(apis.get(1 + i % 2)
                        .send("POST", "/api/auth/login", null, wrong)
                        .error());
            }
            assertThat(errors)
                    .containsExactly(
                            "unauthenticated",
                            "unauthenticated",
                            "unauthenticated",
                            "unauthenticated",
                            "rate_limited",
                            "rate_limited");
        });
    }
}
