package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.edge.http.LimitRule.By;
import dev.tutti.limit.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitRuleTest {
    private static final List<String> METHODS = List.of("", "GET", "POST", "PUT", "PATCH", "DELETE");
    private static final List<By> WHOSE = List.of(By.values());
    private static final List<String> SEGMENTS = List.of("api", "v1", "users", "*", "a.b", "x-y_z~");

    @Test
    void rulesAreReadAsPeopleWriteThem() {
        assertThat(LimitRule.parse(
                        "POST /api/auth/login by address: 10 per 1m; /api/* by account : 600  per 1m burst 100 "))
                .containsExactly(
                        new LimitRule(
                                "POST",
                                List.of("api", "auth", "login"),
                                By.ADDRESS,
                                RateLimit.of(10, Duration.ofMinutes(1))),
                        new LimitRule(
                                "", List.of("api", "*"), By.ACCOUNT, new RateLimit(600, Duration.ofMinutes(1), 100)));
        assertThat(LimitRule.parse(" ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /a by address: 1 per 1s; nonsense                | rule 2 ('nonsense'): is not of the form
            FETCH /a by address: 1 per 1s                    | the method is 'FETCH'
            a by address: 1 per 1s                           | the path is 'a'
            /a* by address: 1 per 1s                         | the path is '/a*'
            /a by acount: 1 per 1s                           | behind by is 'acount'
            /a by address: 1 per minute                      | behind the colon is '1 per minute'
            /a by address: 1 per 1m burst                    | behind the colon is '1 per 1m burst'
            /a by address: 0 per 1m                          | a rate of 0 per PT1M
            /a by address: 1 per 31d                         | the time is 31d
            /a by address: 1 per 0s                          | a rate of 1 per PT0S
            /a by address: 1000000 per 1s                    | 10000 tokens a second
            /a by address: 1 per 1s; /a by address: 2 per 1s | rule 2 ('/a by address: 2 per 1s'): there is one for /a by address already
            /a by address: 1 per 1s;                         | rule 2 (''): is not of the form
            """)
    void aMistakeIsNamedWithItsPlace(String text, String told) {
        assertThatThrownBy(() -> LimitRule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(told);
    }

    @Test
    void pathsAreMatchedBySegments() {
        assertThat(matches("/api/*", "GET", "api", "x", "y")).isTrue();
        assertThat(matches("/api/*", "GET", "api")).isFalse();
        assertThat(matches("/api/*/keys", "GET", "api", "x", "keys")).isTrue();
        assertThat(matches("/api/*/keys", "GET", "api", "x", "y", "keys")).isFalse();
        assertThat(matches("GET /api", "HEAD", "api")).isTrue();
        assertThat(matches("POST /api", "GET", "api")).isFalse();
        assertThat(matches("/", "GET", "")).isTrue();
        assertThat(matches("/*", "DELETE", "anything", "at", "all")).isTrue();
    }

    private static boolean matches(String what, String method, String... segments) {
        return LimitRule.parse(what + " by route: 1 per 1s").getFirst().matches(method, List.of(segments));
    }

    /** What is written out is read as it was; with one character changed it is read, or refused, and never anything else. */
    @Test
    void everyRuleIsReadAsItIsWrittenAndNothingFailsInAnotherWay() {
        long seed = Long.getLong("tutti.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            List<LimitRule> rules = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                LimitRule rule = random(random);
                if (rules.stream().noneMatch(other -> other.name().equals(rule.name()))) {
                    rules.add(rule);
                }
            }
            String text = rules.stream().map(LimitRuleTest::written).collect(Collectors.joining("; "));
            assertThat(LimitRule.parse(text))
                    .as("-Dtutti.seed=%d: %s", seed, text)
                    .isEqualTo(rules);

            StringBuilder changed = new StringBuilder(text);
            changed.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
            try {
                assertThat(LimitRule.parse(changed.toString())).isNotEmpty();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("-Dtutti.seed=%d: %s", seed, changed).hasMessageContaining("rule ");
            }
        }
    }

    private static LimitRule random(Random random) {
        List<String> path = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            path.add(SEGMENTS.get(random.nextInt(SEGMENTS.size())));
        }
        Duration per = Duration.ofSeconds(1 + random.nextInt(1_000)).multipliedBy(random.nextBoolean() ? 1 : 60);
        long count = 1L + random.nextInt(1_000);
        return new LimitRule(
                METHODS.get(random.nextInt(METHODS.size())),
                path,
                WHOSE.get(random.nextInt(WHOSE.size())),
                new RateLimit(count, per, random.nextBoolean() ? count : 1 + random.nextInt(1_000)));
    }

    private static String written(LimitRule rule) {
        RateLimit limit = rule.limit();
        long seconds = limit.per().toSeconds();
        String per = seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        return (rule.method().isEmpty() ? "" : rule.method() + " ") + "/" + String.join("/", rule.path()) + " by "
                + rule.by().name().toLowerCase(Locale.ROOT) + ": " + limit.count() + " per " + per
                + (limit.burst() == limit.count() ? "" : " burst " + limit.burst());
    }
}
