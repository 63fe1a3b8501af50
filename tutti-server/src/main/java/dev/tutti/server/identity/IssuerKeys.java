package dev.tutti.server.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which tokens of other issuers are signed: a secret, public keys, JWK sets at URLs. A set is kept for five minutes
 * and asked for again when a token names a key that is not in it, at most twice in half a minute; while its place is away the
 * last one is used for a day. Where an issuer has its keys is asked every five minutes, by one caller at a time, and
 * counts if it is behind https or on this machine; its last answer counts while it is away, and where it never said so
 * it is asked again after five seconds. Safe for use by many threads; blocks for some seconds at most.
 */
final class IssuerKeys {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int MOST_CANDIDATES = 16;
    private static final Duration OUTAGE = Duration.ofDays(1);
    private static final Duration DISCOVERY_KEPT = Duration.ofMinutes(5);
    private static final Duration FAILURE_KEPT = Duration.ofSeconds(5);
    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");

    /** The bytes before the key in an encoded Ed25519 key (RFC 8410, section 4). */
    private static final byte[] ED25519_PREFIX = HEX.parseHex("302a300506032b6570032100");

    private static final Set<JWSAlgorithm> SECRETS = Set.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);

    private final Optional<byte[]> secret;
    private volatile List<JWK> fixed;
    private final List<KeySet> sets;
    private final DefaultResourceRetriever web =
            new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MOST_BYTES);
    private final Map<String, JWKSource<SecurityContext>> sources = new ConcurrentHashMap<>();
    private final Map<String, String> lastPlaces = new ConcurrentHashMap<>(); // of the issuers that are trusted
    private final Cache<String, Discovery> discoveries;
    private final Cache<String, String>
            lastSigned = // which of several sets has a key, so that the others are not asked anew
            Caffeine.newBuilder().maximumSize(1_000).build();
    private final Function<byte[], Map<?, ?>> json;

    /**
     * Those keys.
     *
     * @param sets where there is no other key, issuers tell where their set is
     * @param json reads a JSON object
     * @param ticker by which answers of issuers are kept, in nanoseconds
     */
    IssuerKeys(
            Optional<String> secret,
            List<JWK> fixed,
            List<KeySet> sets,
            Function<byte[], Map<?, ?>> json,
            LongSupplier ticker) {
        this.secret = secret.map(text -> text.getBytes(StandardCharsets.UTF_8));
        this.fixed = List.copyOf(fixed);
        this.sets = List.copyOf(sets);
        this.json = json;
        this.discoveries = Caffeine.newBuilder()
                .ticker(ticker::getAsLong)
                .expireAfter(Expiry.writing(
                        (String _, Discovery found) -> found.set().isPresent() ? DISCOVERY_KEPT : FAILURE_KEPT))
                .build();
    }

    /**
     * A JWK set.
     *
     * @param issuer whose tokens it signs, unless it signs those of all
     * @param url where it is
     */
    record KeySet(Optional<String> issuer, String url) {
        private static final Pattern FORM = Pattern.compile("(?:(https?://[^=]+)=)?(https?://.+)");

        /** Reads {@code URL} or {@code ISSUER=URL}. */
        static KeySet parse(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException("not a URL: " + text);
            }
            return new KeySet(Optional.ofNullable(parts.group(1)), parts.group(2));
        }
    }

    /** Has {@code keys} sign from now on in place of the public keys of before; there are some if there were some. */
    void replaceFixed(List<JWK> keys) {
        if (keys.isEmpty() != fixed.isEmpty()) {
            throw new IllegalArgumentException("whether there are public keys is decided at the start");
        }
        fixed = List.copyOf(keys);
    }

    /** The issuers that sets name. */
    Set<String> issuers() {
        return sets.stream().flatMap(set -> set.issuer().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether each issuer's tokens are signed by keys of its own, which only a set that names its issuer says. */
    boolean areOfOneIssuerEach() {
        return secret.isEmpty()
                && fixed.isEmpty()
                && sets.stream().allMatch(set -> set.issuer().isPresent());
    }

    /**
     * Whether {@code token}, which says that it is {@code issuer}'s, is signed by one of them. The algorithms of a secret are
     * accepted with the secret alone, and all others with public keys alone.
     *
     * @param issuer one of those that are trusted, which may be asked where its keys are; empty if it does not matter whose it is
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if keys by which it may be signed cannot be asked for now
     */
    boolean haveSigned(JWSObject token, Optional<String> issuer) {
        JWSHeader header = token.getHeader();
        if (SECRETS.contains(header.getAlgorithm())) {
            return secret.isPresent() && holds(() -> token.verify(new MACVerifier(secret.get())));
        }
        JWKMatcher wanted = JWKMatcher.forJWSHeader(header);
        return wanted != null
                && (isSignedBy(fixed.stream().filter(key -> key.getKeyType().equals(keyType(header))), token)
                        || isSignedByOneOfSet(token, issuer, new JWKSelector(wanted)));
    }

    /** One set that is away, or was asked too often for keys that are not there, keeps nobody from being known by another. */
    private boolean isSignedByOneOfSet(JWSObject token, Optional<String> issuer, JWKSelector wanted) {
        String key = issuer.orElse("") + " " + token.getHeader().getKeyID();
        @Nullable TuttiException away = null;
        for (String url : places(issuer, lastSigned.getIfPresent(key))) {
            try {
                if (isSignedBy(asked(url, wanted).stream(), token)) {
                    lastSigned.put(key, url);
                    return true;
                }
            } catch (TuttiException unavailable) {
                away = unavailable;
            }
        }
        if (away != null) {
            throw away;
        }
        return false;
    }

    /** Where sets are that may sign for {@code issuer}, {@code first} before the others if it is one of them. */
    private List<String> places(Optional<String> issuer, @Nullable String first) {
        List<String> places = new ArrayList<>(sets.stream()
                .filter(set -> set.issuer().isEmpty() || set.issuer().equals(issuer))
                .map(KeySet::url)
                .toList());
        if (secret.isEmpty() && fixed.isEmpty() && places.isEmpty()) {
            issuer.map(this::discovered).ifPresent(places::add);
        }
        if (first != null && places.remove(first)) {
            places.addFirst(first);
        }
        return places;
    }

    private static boolean isSignedBy(Stream<JWK> keys, JWSObject token) {
        return keys.limit(MOST_CANDIDATES).anyMatch(key -> holds(() -> verifies(key, token)));
    }

    private interface Check {
        boolean run() throws JOSEException, GeneralSecurityException;
    }

    /** A key that does not fit the token's algorithm has not signed it. */
    private static boolean holds(Check check) {
        try {
            return check.run();
        } catch (JOSEException | GeneralSecurityException unusable) {
            return false;
        }
    }

    private static @Nullable KeyType keyType(JWSHeader header) {
        return KeyType.forAlgorithm(header.getAlgorithm());
    }

    private List<JWK> asked(String url, JWKSelector wanted) {
        try {
            return sources.computeIfAbsent(url, this::source).get(wanted, null);
        } catch (JOSEException away) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the keys of the token's issuer cannot be asked for now",
                    Duration.ofSeconds(5));
        }
    }

    private JWKSource<SecurityContext> source(String url) {
        return JWKSourceBuilder.create(url(url), web)
                .retrying(true)
                .outageTolerant(OUTAGE.toMillis())
                .build();
    }

    /** The statement of an issuer on its keys: where they are, or else why that is not known. */
    private record Discovery(Optional<String> set, String problem) {}

    private String discovered(String issuer) {
        Discovery found = discoveries.get(issuer, this::discover);
        return found.set()
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.UNAVAILABLE, "the token's issuer " + found.problem(), FAILURE_KEPT));
    }

    /** Where {@code issuer} has its keys, by OpenID Connect Discovery 1.0, section 4. */
    private Discovery discover(String issuer) {
        String place = (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration";
        try {
            Map<?, ?> answer =
                    json.apply(web.retrieveResource(url(place)).getContent().getBytes(StandardCharsets.UTF_8));
            if (issuer.equals(answer.get("issuer")) && answer.get("jwks_uri") instanceof String set) {
                URI keys = URI.create(set);
                keys.toURL();
                if (!isSafe(keys)) {
                    return remembered(issuer, "has its keys (jwks_uri) neither behind https nor on this machine");
                }
                lastPlaces.put(issuer, set);
                return new Discovery(Optional.of(set), "");
            }
            return remembered(issuer, "does not say where its keys are");
        } catch (IOException | TuttiException | IllegalArgumentException away) {
            return remembered(issuer, "cannot be asked for its keys now");
        }
    }

    /** Whether nobody on the way to {@code keys} can give others in their place, as the settings demand, too. */
    private static boolean isSafe(URI keys) {
        return "https".equalsIgnoreCase(keys.getScheme())
                || ("http".equalsIgnoreCase(keys.getScheme())
                        && THIS_MACHINE.stream().anyMatch(host -> host.equals(keys.getHost())));
    }

    /**
     * The place that {@code issuer} named last, for as long as an answer would count: the bearer of a token must not wait again and
     * again.
     */
    private Discovery remembered(String issuer, String problem) {
        return new Discovery(Optional.ofNullable(lastPlaces.get(issuer)), problem);
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (MalformedURLException notOne) {
            throw new IllegalArgumentException(notOne);
        }
    }

    private static boolean verifies(JWK key, JWSObject token) throws JOSEException, GeneralSecurityException {
        return switch (key) {
            case RSAKey rsa -> token.verify(new RSASSAVerifier(rsa));
            case ECKey ec -> token.verify(new ECDSAVerifier(ec));
            case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) -> verifiesEd25519(pair, token);
            default -> false;
        };
    }

    /** By the JDK: the library would need another library for it. */
    private static boolean verifiesEd25519(OctetKeyPair pair, JWSObject token) throws GeneralSecurityException {
        byte[] point = pair.getDecodedX();
        byte[] encoded = new byte[ED25519_PREFIX.length + point.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        signature.update(token.getSigningInput());
        return JWSAlgorithm.EdDSA.equals(token.getHeader().getAlgorithm())
                && signature.verify(token.getSignature().decode());
    }
}
