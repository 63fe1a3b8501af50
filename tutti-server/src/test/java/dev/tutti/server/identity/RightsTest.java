package dev.tutti.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.quota.QuotaHolder;
import dev.tutti.core.JsonCodec;
import dev.tutti.feed.FeedKey;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import dev.tutti.server.config.TestConfiguration;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class RightsTest {
    private static final String SECRET = "a-secret-of-the-tests-and-of-no-one-else";
    private static final String TOKENS = "another-secret-that-signs-tokens-long-enough";
    private static final Map<StreamName, Long> FED = Map.of(new StreamName("conversation:1"), 3L);
    private static final List<String> IDS = List.of("a", "ab", "b", "a.b");
    private static final List<String> NAMES = List.of(
            "room:a", "room:ab", "room:b", "user:a", "user:a:x", "user:ab", "org:b", "org:b:a", "org:aab", "public:a");
    private static final List<String> CLAIMS = List.of("org", "https://id.example.com/team");

    private static Identities identities(String rights) {
        return identities(Map.of("TUTTI_RIGHTS", rights));
    }

    private static Identities identities(Map<String, String> settings) {
        return new Identities(
                TestConfiguration.of(settings),
                Optional.empty(),
                new ApiKeys(new PGSimpleDataSource(), List.of(SECRET)), // never connected
                Clock.systemUTC(),
                System::nanoTime,
                new JsonCodec());
    }

    /** With the rights that there are unless they are set. */
    private static Identities unset() {
        return identities(Map.of());
    }

    /** Without a chat. */
    private static StreamAccess access(Identities identities) {
        return identities.access(Optional.empty(), (_, _) -> Charge.NONE);
    }

    private static StreamAccess withChat(Identities identities) {
        return identities.access(Optional.of(_ -> () -> FED), (_, _) -> Charge.NONE);
    }

    private static <T> T one(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** A whole name or its beginning, with {@code {id}} and claims for people now and then. */
    private static String capability(Random random, boolean everybodys) {
        String action = random.nextBoolean() ? "read:" : "publish:";
        String name = everybodys && random.nextInt(3) == 0
                ? one(
                        random,
                        List.of(
                                "user:{id}",
                                "room:{id}",
                                "room:{claim:org}",
                                "org:{claim:org}:{claim:https://id.example.com/team}",
                                "org:{claim:org}{id}{claim:org}"))
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

    /** None, one or several values of one claim or another. */
    private static Map<String, Set<String>> claims(Random random) {
        Map<String, Set<String>> claims = new HashMap<>();
        for (String name : CLAIMS) {
            Set<String> values = Stream.generate(() -> one(random, IDS))
                    .limit(random.nextInt(3))
                    .collect(Collectors.toSet());
            if (random.nextBoolean()) {
                claims.put(name, values);
            }
        }
        return claims;
    }

    /** The rule in other words: as a regular expression of the whole. */
    private static boolean says(String capability, Principal who, Action action, String name) {
        String wanted = action.name().toLowerCase(Locale.ROOT) + ":" + name;
        boolean open = capability.endsWith("*");
        String expression = "\\Q" + (open ? capability.substring(0, capability.length() - 1) : capability) + "\\E";
        expression = expression.replace("{id}", "\\E(\\Q" + who.id() + "\\E)\\Q");
        for (String claim : CLAIMS) {
            Set<String> values = who.claims().getOrDefault(claim, Set.of());
            String any = values.isEmpty()
                    ? "(?!)"
                    : values.stream().map(Pattern::quote).collect(Collectors.joining("|", "(", ")"));
            expression = expression.replace("{claim:" + claim + "}", "\\E" + any + "\\Q");
        }
        return Pattern.matches(expression + (open ? ".*" : ""), wanted);
    }

    private static String sentence(boolean may, String verb, String what) {
        return (may ? "May " : "May not ") + verb + " " + what + ": ";
    }

    /** The report about {@code who}, whose key or token has {@code own}. */
    private static String told(Principal who, List<String> own, List<String> rules, String name) {
        String rights = rules.isEmpty() ? "none" : String.join(",", rules);
        RightsReport report = new RightsReport(
                TestConfiguration.of(Map.of("TUTTI_JWT_HMAC_SECRET", TOKENS, "TUTTI_RIGHTS", rights)),
                List.of(SECRET),
                Clock.systemUTC());
        if (Rights.isProgram(who)) {
            return report.of("key:" + String.join(",", own), name);
        }
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(who.id())
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("tutti", own);
        who.claims().forEach((claim, values) -> claims.claim(claim, List.copyOf(values)));
        return report.of(TokenIssuersTest.hmac(claims.build(), TOKENS), name);
    }

    @Test
    void whatIsAllowedIsWhatASimpleModelSaysAndTheSameForStreamsFeedsAndTheReport() {
        long seed = Long.getLong("tutti.seed", System.nanoTime());
        Random random = new Random(seed);
        Set<Boolean> seen = new TreeSet<>();
        Set<Boolean> seenPublic = new TreeSet<>();
        Set<Boolean> seenFeeds = new TreeSet<>();
        for (int run = 0; run < 3_000; run++) {
            List<String> everybodys = capabilities(random, true);
            List<String> own = capabilities(random, false);
            List<String> anybodys = anybodys(random);
            String id = one(random, IDS);
            boolean program = random.nextInt(3) == 0;
            Principal who =
                    new Principal(id, (program ? "key." : "jwt.") + "1", Instant.MAX, Set.copyOf(own), claims(random));
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
            StreamAccess access = access(identities);
            boolean read = all.stream().anyMatch(each -> says(each, who, Action.READ, name));
            boolean publish = all.stream().anyMatch(each -> says(each, who, Action.PUBLISH, name));
            String what = "-Dtutti.seed=" + seed + ": " + rules + " " + who + " " + name;
            assertThat(access.mayRead(who, new StreamName(name))).as(what).isEqualTo(read);
            assertThat(access.mayAppend(who, new StreamName(name))).as(what).isEqualTo(publish);
            boolean readFeed = feeds.stream().anyMatch(each -> says(each, who, Action.READ, name));
            boolean publishFeed = own.stream().anyMatch(each -> says(each, who, Action.PUBLISH, name));
            boolean publicFeed = name.startsWith("public:");
            assertThat(identities.mayRead(who, new FeedKey(name))).as(what).isEqualTo(readFeed);
            assertThat(identities.mayPublish(who, new FeedKey(name))).as(what).isEqualTo(publishFeed);
            assertThat(identities.isPublic(new FeedKey(name))).as(what).isEqualTo(publicFeed);
            assertThat(told(who, own, rules, name))
                    .as(what)
                    .contains(
                            sentence(read, "read the stream", name),
                            sentence(publish, "publish to the stream", name),
                            sentence(readFeed || publicFeed, "read the feed", name),
                            sentence(publishFeed, "publish the feed", name));
            seenFeeds.add(publishFeed);
            boolean anybody = anybodys.stream().anyMatch(each -> says(each, who, Action.READ, name));
            assertThat(access.isPublic(new StreamName(name))).as(what).isEqualTo(anybody);
            assertThat(KindAccess.ofAudit(access).isPublic(new StreamName(name)))
                    .as(what)
                    .isEqualTo(anybody);
            seen.add(read);
            seenPublic.add(anybody);
        }
        assertThat(seen).containsExactly(false, true);
        assertThat(seenPublic).containsExactly(false, true);
        assertThat(seenFeeds).containsExactly(false, true);
    }

    @Test
    void whereThereIsAChatItsConversationsAreReadAsStreamsByProgramsAlone() {
        Identities wide = identities("read:*");
        Identities narrow = identities("none");
        Principal person = new Principal("ann", "0123456789abcdef", Instant.MAX);
        Principal bearer = new Principal("ann", "jwt.1", Instant.MAX, Set.of("read:*", "read:conversation:1"));
        StreamName conversation = new StreamName("conversation:1");

        assertThat(withChat(wide).mayRead(person, conversation)).isFalse();
        assertThat(withChat(wide).mayRead(person, new StreamName("org:1"))).isTrue();
        assertThat(withChat(narrow).mayRead(bearer, conversation)).isFalse();
        assertThat(withChat(narrow).mayRead(bearer, new StreamName("org:1"))).isTrue();
        assertThat(withChat(narrow).mayRead(ApiKeys.ROOT.principal(), conversation))
                .isTrue();
        assertThat(access(wide).mayRead(person, conversation))
                .as("without a chat the kind is anybody's")
                .isTrue();
    }

    @Test
    void whereThereIsAChatItsConversationsAreWrittenByNobodyElse() {
        Identities identities = identities("publish:*");
        Principal program = ApiKeys.ROOT.principal();
        Principal person = new Principal("ann", "jwt.1", Instant.MAX);
        StreamName conversation = new StreamName("conversation:1");

        assertThat(Stream.of(program, person))
                .noneMatch(who -> withChat(identities).mayAppend(who, conversation))
                .allMatch(who -> withChat(identities).mayAppend(who, new StreamName("user:ann")))
                .allMatch(who -> access(identities).mayAppend(who, conversation));
    }

    @Test
    void thoseWithAnAccountHaveTheFeedThatTheChatSays() {
        Principal account = new Principal("ann", "0123456789abcdef", Instant.MAX);
        Principal foreign = new Principal("ann", "jwt.1", Instant.MAX);
        Identities identities = identities("none");

        assertThat(withChat(identities).entitlements(account))
                .hasValueSatisfying(feed -> assertThat(feed.streams()).isEqualTo(FED));
        assertThat(withChat(identities).entitlements(foreign)).isEmpty();
        assertThat(withChat(identities).entitlements(ApiKeys.ROOT.principal())).isEmpty();
        assertThat(access(identities).entitlements(account)).isEmpty();
    }

    @Test
    void unlessItIsSetRoomsAreEverybodysFeedsToReadAndInboxesTheirOwners() {
        StreamAccess access = withChat(unset());
        Principal ann = new Principal("ann", "0123456789abcdef", Instant.MAX);
        List<StreamName> streams = Stream.of(
                        "room:any", "feed:any", "user:ann", "user:bob", "conversation:1", "other:any")
                .map(StreamName::new)
                .toList();

        assertThat(streams.stream().map(stream -> access.mayRead(ann, stream)))
                .containsExactly(true, true, true, false, false, false);
        assertThat(streams.stream().map(stream -> access.mayAppend(ann, stream)))
                .containsExactly(true, false, false, false, false, false);
    }

    @Test
    void allPeopleAreChargedByTheirOwnNamesAndProgramsAreNot() {
        List<QuotaHolder> charged = new ArrayList<>();
        Charge charge = _ -> {};
        StreamAccess rights = identities("none").access(Optional.empty(), (holder, _) -> {
            charged.add(holder);
            return charge;
        });
        StreamAccess access = KindAccess.ofAudit(KindAccess.ofJobs(_ -> Optional.empty(), rights));
        Append append = new Append(new StreamName("room:a"), "t", Json.of("1"));

        assertThat(access.charge(new Principal("ann", "jwt.1", Instant.MAX), List.of(append)))
                .isSameAs(charge);
        assertThat(access.charge(new Principal("ann", "0123456789abcdef", Instant.MAX), List.of(append)))
                .isSameAs(charge);
        assertThat(access.charge(ApiKeys.ROOT.principal(), List.of(append))).isSameAs(Charge.NONE);

        assertThat(charged).containsExactly(QuotaHolder.foreign("ann"), QuotaHolder.account("ann"));
    }

    @Test
    void nothingIsForAnybodyUnlessARuleSaysSo() {
        Identities identities = unset();
        for (String name :
                List.of("room:lobby", "room:public-1", "public:1", "feed:1", "user:ann", "audit:log", "job:1")) {
            assertThat(access(identities).isPublic(new StreamName(name)))
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
                "anybody:read:org:{claim:org}",
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
        assertThat(Configuration.of(List.of(new SettingSource("environment", Map.of("TUTTI_RIGHTS", rule)))))
                .isInstanceOf(Configuration.Invalid.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read:org:{claim:}",
                "read:org:{claim}",
                "read:org:{claim:{id}}",
                "read:org:{other}",
                "read:org:}"
            })
    void aRuleWithAPlaceThatIsNoneIsRefusedAtTheStart(String rule) {
        assertThatThrownBy(() -> identities(rule))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }

    @Test
    void aKeyHasNothingOfWhatEverybodyHas() {
        Principal program = ApiKeys.ROOT.principal();
        assertThat(Rights.isProgram(program)).isTrue();
        assertThat(Rights.of(List.of("read:room:*")).grants(new Principal("key", program.session(), Instant.MAX)))
                .isEmpty();
    }
}
