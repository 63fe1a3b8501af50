package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.feed.FeedKey;
import dev.tutti.server.audit.AuditAccess;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.Source;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.StreamName;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class RightsTest {
    private static final String SECRET = "a-secret-of-the-tests-and-of-no-one-else";
    private static final List<String> IDS = List.of("a", "ab", "b", "a.b");
    private static final List<String> NAMES =
            List.of("room:a", "room:ab", "room:b", "user:a", "user:a:x", "user:ab", "org:b");

    private static Configuration configuration(Map<String, String> values) {
        return switch (Configuration.of(List.of(new Source("environment", values)))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }

    private static Identities identities(String rights) {
        return new Identities(
                configuration(Map.of("TUTTI_RIGHTS", rights)),
                Optional.empty(),
                new ApiKeys(new PGSimpleDataSource(), List.of(SECRET)), // never connected
                Clock.systemUTC(),
                new JsonCodec());
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** A whole name or its beginning, with {@code {id}} for people now and then. */
    private static String capability(Random random, boolean everybodys) {
        String action = random.nextBoolean() ? "read:" : "publish:";
        String name = everybodys && random.nextInt(3) == 0
                ? one(random, List.of("user:{id}", "room:{id}"))
                : one(random, NAMES);
        return switch (random.nextInt(3)) {
            case 0 -> action + name;
            case 1 -> action + name + "*";
            default -> action + name.substring(0, name.indexOf(':') + 1) + "*";
        };
    }

    private static List<String> capabilities(Random random, boolean everybodys) {
        return Stream.generate(() -> capability(random, everybodys))
                .limit(random.nextInt(4))
                .toList();
    }

    /** What anybody may read, as it is written; the whole kind is in it. */
    private static List<String> anybodys(Random random) {
        return Stream.generate(() -> one(random, NAMES))
                .map(name -> "read:" + (random.nextBoolean() ? name : name.substring(0, name.length() - 1) + "*"))
                .filter(text -> !text.endsWith(":*") && !text.contains("user"))
                .limit(random.nextInt(3))
                .toList();
    }

    /** The rule in other words: as a regular expression of the whole. */
    private static boolean says(String capability, String id, Action action, String name) {
        String wanted = action.name().toLowerCase(Locale.ROOT) + ":" + name;
        String said = capability.replace("{id}", id);
        boolean open = said.endsWith("*");
        String literal = open ? said.substring(0, said.length() - 1) : said;
        return Pattern.matches(Pattern.quote(literal) + (open ? ".*" : ""), wanted);
    }

    @Test
    void whatIsAllowedIsWhatASimpleModelSaysAndTheSameForStreamsAndFeeds() {
        long seed = Long.getLong("tutti.seed", System.nanoTime());
        Random random = new Random(seed);
        Set<Boolean> seen = new TreeSet<>();
        Set<Boolean> seenPublic = new TreeSet<>();
        for (int run = 0; run < 3_000; run++) {
            List<String> everybodys = capabilities(random, true);
            List<String> own = capabilities(random, false);
            List<String> anybodys = anybodys(random);
            String id = one(random, IDS);
            boolean program = random.nextInt(3) == 0;
            Principal who = new Principal(id, (program ? "key." : "jwt.") + "1", Instant.MAX, Set.copyOf(own));
            String name = one(random, NAMES);

            List<String> feeds = new ArrayList<>(own);
            if (!Rights.isProgram(who)) {
                feeds.addAll(everybodys);
            }
            List<String> all = new ArrayList<>(feeds);
            all.addAll(anybodys);
            List<String> rules = new ArrayList<>(everybodys);
            anybodys.forEach(each -> rules.add("anybody:" + each));
            Collections.shuffle(rules, random);
            Identities identities = identities(rules.isEmpty() ? "none" : String.join(",", rules));
            StreamAccess access = identities.access(Optional.empty());
            boolean read = all.stream().anyMatch(each -> says(each, id, Action.READ, name));
            boolean publish = all.stream().anyMatch(each -> says(each, id, Action.PUBLISH, name));
            String what = "-Dtutti.seed=" + seed + ": " + rules + " " + who + " " + name;
            assertThat(access.mayRead(who, new StreamName(name))).as(what).isEqualTo(read);
            assertThat(access.mayAppend(who, new StreamName(name))).as(what).isEqualTo(publish);
            assertThat(identities.mayRead(who, new FeedKey(name)))
                    .as(what)
                    .isEqualTo(feeds.stream().anyMatch(each -> says(each, id, Action.READ, name)));
            boolean anybody = anybodys.stream().anyMatch(each -> says(each, "", Action.READ, name));
            assertThat(access.isPublic(new StreamName(name))).as(what).isEqualTo(anybody);
            assertThat(new AuditAccess(access).isPublic(new StreamName(name)))
                    .as(what)
                    .isEqualTo(anybody);
            seen.add(read);
            seenPublic.add(anybody);
        }
        assertThat(seen).containsExactly(false, true);
        assertThat(seenPublic).containsExactly(false, true);
    }

    @Test
    void whereThereIsAChatItsConversationsAreWrittenByNobodyElse() {
        Identities identities = identities("publish:*");
        Principal program = ApiKeys.ROOT.principal();
        Principal person = new Principal("ann", "jwt.1", Instant.MAX);
        StreamName conversation = new StreamName("conversation:1");
        StreamAccess chat = identities("none").access(Optional.empty());

        assertThat(Stream.of(program, person))
                .noneMatch(who -> identities.access(Optional.of(chat)).mayAppend(who, conversation))
                .allMatch(who -> identities.access(Optional.of(chat)).mayAppend(who, new StreamName("user:ann")))
                .allMatch(who -> identities.access(Optional.empty()).mayAppend(who, conversation));
    }

    @Test
    void nothingIsForAnybodyUnlessARuleSaysSo() {
        Identities identities = new Identities(
                configuration(Map.of()),
                Optional.empty(),
                new ApiKeys(new PGSimpleDataSource(), List.of(SECRET)),
                Clock.systemUTC(),
                new JsonCodec());
        for (String name :
                List.of("room:lobby", "room:public-1", "public:1", "feed:1", "user:ann", "audit:log", "job:1")) {
            assertThat(identities.access(Optional.empty()).isPublic(new StreamName(name)))
                    .as(name)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anybody:read:*",
                "anybody:read:roo*",
                "anybody:read:room:",
                "anybody:read:user:{id}",
                "anybody:read:audit:*",
                "anybody:read:job:*",
                "anybody:read:socketio:*",
                "anybody:read:conversation:abc",
                "anybody:read:user:*",
                "anybody:read:*:x",
                "anybody:read:ROOM:x"
            })
    void aRuleForAnybodyThatIsTooWideOrOfTheServersOwnIsRefusedAtTheStart(String rule) {
        assertThatThrownBy(() -> identities(rule))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anybody:publish:room:x", "anybody:room:x", "anybody:anybody:read:room:x", "anybody"})
    void nobodyWithoutALoginPublishes(String rule) {
        assertThat(Configuration.of(List.of(new Source("environment", Map.of("TUTTI_RIGHTS", rule)))))
                .isInstanceOf(Configuration.Invalid.class);
    }

    @Test
    void theReportSaysWhatAnybodyMay() {
        String rules = "read:room:*,anybody:read:room:public-*";
        RightsReport report =
                new RightsReport(configuration(Map.of("TUTTI_RIGHTS", rules)), List.of(), Clock.systemUTC());

        assertThat(report.of("anybody", "room:public-1")).isEqualTo("""
                        Anybody, without a token.
                        May read room:public-1 as a stream: anybody:read:room:public-* of TUTTI_RIGHTS.
                        May not publish room:public-1: nobody does without a login.
                        """);
        assertThat(report.of("anybody", "room:lobby"))
                .contains(
                        "May not read room:lobby as a stream: nothing allows it. What there is of read: anybody:read:room:public-* of TUTTI_RIGHTS.\n");
        assertThat(report.of("anybody", "public:scores")).contains("May read the feed public:scores: ");
        RightsReport asking = new RightsReport(
                configuration(Map.of("TUTTI_RIGHTS", rules, "TUTTI_HOOK_URL", "https://backend.example/hook")),
                List.of(),
                Clock.systemUTC());
        assertThat(asking.of("anybody", "room:public-1")).contains("May not read room:public-1: TUTTI_HOOK_EVENTS ");
    }

    @Test
    void aKeyHasNothingOfWhatEverybodyHas() {
        Principal program = ApiKeys.ROOT.principal();
        assertThat(Rights.isProgram(program)).isTrue();
        assertThat(Rights.of(List.of("read:room:*")).grants(new Principal("key", program.session(), Instant.MAX)))
                .isEmpty();
    }

    @Test
    void theReportNamesTheRule() throws Exception {
        String secret = "another-secret-that-signs-tokens-long-enough";
        RightsReport report = new RightsReport(
                configuration(Map.of("TUTTI_JWT_HMAC_SECRET", secret, "TUTTI_RIGHTS", "read:user:{id},publish:room:*")),
                List.of(SECRET),
                Clock.systemUTC());
        String token = TokenIssuersTest.hmac(
                new JWTClaimsSet.Builder()
                        .subject("ann")
                        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                        .claim("tutti", List.of("read:org:7:*"))
                        .build(),
                secret);

        assertThat(report.of(token, "user:ann"))
                .startsWith("A token of another issuer, of ann, good until ")
                .contains(
                        "May read user:ann: read:user:{id} of TUTTI_RIGHTS.\n",
                        "May not publish user:ann: nothing allows it. What there is of publish: publish:room:* of TUTTI_RIGHTS.\n");
        assertThat(report.of(token, "org:7:x")).contains("May read org:7:x: read:org:7:* of the token.\n");
        assertThat(report.of(token, "job:1")).contains("owner may", "the server alone tells of jobs");
        assertThat(report.of(token, "audit:log"))
                .contains("May not read audit:log: programs alone", "May not publish audit:log: the server alone");
        assertThat(report.of(ApiKeys.root(SECRET), "audit:log"))
                .contains("May read audit:log: ", "May not publish audit:log: the server alone");
        assertThat(report.of(ApiKeys.root(SECRET), "conversation:1"))
                .contains("May read conversation:1: ", "May not publish conversation:1: the chat alone");
        assertThat(report.of(ApiKeys.root(SECRET), "room:1"))
                .startsWith("The root key of ")
                .contains("May publish room:1: publish:* of the key.");
        assertThatThrownBy(() -> report.of(token + "x", "room:1")).isInstanceOf(TuttiException.class);
        assertThatThrownBy(() -> report.of(ApiKeys.root(SECRET) + "x", "room:1"))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("in the database alone");
    }
}
