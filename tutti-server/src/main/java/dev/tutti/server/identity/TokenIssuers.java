package dev.tutti.server.identity;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.key.Capability;
import dev.tutti.socket.Principal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tokens (JWT, RFC 7519) of issuers that are not Tutti. Nobody is asked about them but their signature and their claims, so that
 * they end when they run out and not before; make them short. Safe for use by many threads; blocks when keys are asked for.
 */
final class TokenIssuers {
    /** How far the clock of an issuer may differ. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final int MAX_LENGTH = 8_192;
    private static final int MOST_CAPABILITIES = 100;
    private static final int MOST_VALUES = 100;
    private static final String SESSION = "jwt.";
    private static final String HASHED = "x-";

    /** Ids of people that are taken as they are; others are hashed. */
    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** The form of the ids of Tutti's own accounts. */
    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9a-f]{24}");

    /** Values of claims that may stand in a name; those with a character that has a meaning in rules or names are none. */
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private final IssuerKeys keys;
    private final List<Path> publicKeys;
    private final Set<String> issuers;
    private final Set<String> audience;
    private final String userClaim;
    private final String capabilitiesClaim;
    private final Set<String> otherClaims;
    private final boolean besideAccounts;
    private final Clock clock;

    /**
     * Those of {@code configuration}.
     *
     * @param otherClaims those that principals bring along
     * @param ticker by which answers of issuers are kept, in nanoseconds
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if one issuer could sign as another, or a key cannot be read
     */
    TokenIssuers(
            Configuration configuration, Set<String> otherClaims, Clock clock, LongSupplier ticker, JsonCodec json) {
        this.publicKeys = configuration.value(IdentitySettings.PUBLIC_KEYS);
        this.keys = new IssuerKeys(
                configuration.value(IdentitySettings.HMAC_SECRET),
                publicKeys.stream().map(PublicKeys::read).toList(),
                configuration.value(IdentitySettings.KEY_SETS).stream()
                        .map(IssuerKeys.KeySet::parse)
                        .toList(),
                bytes -> json.read(bytes, Map.class),
                ticker);
        this.issuers = trusted(Set.copyOf(configuration.value(IdentitySettings.ISSUERS)), keys);
        this.audience = Set.copyOf(configuration.value(IdentitySettings.AUDIENCE));
        this.userClaim = configuration.value(IdentitySettings.USER_CLAIM);
        this.capabilitiesClaim = configuration.value(IdentitySettings.CAPABILITIES_CLAIM);
        this.otherClaims = Set.copyOf(otherClaims);
        this.besideAccounts = configuration.value(IdentitySettings.OWN_ACCOUNTS) == IdentitySettings.Switch.ON;
        this.clock = clock;
    }

    /**
     * Reads the files of {@code TUTTI_JWT_PUBLIC_KEYS} again: from now on what is in them signs, and nothing that was. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if one has no key, which the message names; all stay as they
     *     were then
     */
    void readPublicKeys() {
        keys.replaceFixed(publicKeys.stream().map(PublicKeys::read).toList());
    }

    /** Those that are {@code named}, or else those whose key sets are; all if there is neither. */
    private static Set<String> trusted(Set<String> named, IssuerKeys keys) {
        Set<String> trusted = named.isEmpty() ? keys.issuers() : named;
        boolean ofSeveral = trusted.size() > 1 || named.size() < trusted.size();
        if (ofSeveral && !keys.areOfOneIssuerEach()) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "TUTTI_JWT_ISSUERS and TUTTI_JWT_JWKS name " + String.join(", ", new TreeSet<>(trusted))
                            + ", and a key that is nobody's in particular signs for all issuers; leave the keys to OpenID"
                            + " Connect discovery, or say whose each is:"
                            + " TUTTI_JWT_JWKS=https://id.example.com=https://id.example.com/keys, without"
                            + " TUTTI_JWT_HMAC_SECRET and TUTTI_JWT_PUBLIC_KEYS");
        }
        return trusted;
    }

    /** Whether {@code session} is of such a token: it cannot be ended. */
    static boolean isTheirs(String session) {
        return session.startsWith(SESSION);
    }

    /** Whether {@code token} says that another than {@code issuer} has made it. */
    static boolean isOfAnotherThan(String issuer, String token) {
        if (token.length() > MAX_LENGTH) {
            return true;
        }
        try {
            return !issuer.equals(SignedJWT.parse(token).getJWTClaimsSet().getIssuer());
        } catch (ParseException | IllegalArgumentException unreadable) {
            return false;
        }
    }

    /**
     * The principal that shows {@code token}.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED}, {@link ErrorCode#TOKEN_EXPIRED} or {@link
     *     ErrorCode#UNAVAILABLE}
     */
    Principal verify(String token) {
        if (token.length() > MAX_LENGTH) {
            throw refused("the token is longer than " + MAX_LENGTH + " characters");
        }
        try {
            SignedJWT shown = SignedJWT.parse(token);
            JWTClaimsSet claims = shown.getJWTClaimsSet();
            Optional<String> issuer = Optional.ofNullable(claims.getIssuer()).filter(issuers::contains);
            if (!issuers.isEmpty() && issuer.isEmpty()) {
                throw refused("the token's issuer is not one that is trusted here");
            }
            JOSEObjectType type = shown.getHeader().getType();
            if (type != null
                    && !type.equals(JOSEObjectType.JWT)
                    && !type.getType().equalsIgnoreCase("at+jwt")) {
                throw refused("the token is of type " + type.getType() + ", which is not one for access");
            }
            if (shown.getHeader().getCriticalParams() != null) {
                throw refused("the token has header parameters that must be understood (crit), which none here is");
            }
            if (!keys.haveSigned(shown, issuer)) {
                throw refused("the token is not signed by a key that is trusted here");
            }
            return principal(claims, token);
        } catch (ParseException | IllegalArgumentException malformed) {
            throw refused("the token is malformed");
        }
    }

    private Principal principal(JWTClaimsSet claims, String token) throws ParseException {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            throw refused("the token has no claim exp");
        }
        Instant until = expires.toInstant().plus(SKEW);
        if (!until.isAfter(now)) {
            throw new TuttiException(ErrorCode.TOKEN_EXPIRED, "the token has run out");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && notBefore.toInstant().minus(SKEW).isAfter(now)) {
            throw refused("the token is not valid yet");
        }
        if (!audience.isEmpty() && claims.getAudience().stream().noneMatch(audience::contains)) {
            throw refused("the token is for another audience");
        }
        String id = id(claims);
        return new Principal(
                id,
                SESSION + hash(session(claims, id, token)),
                until,
                capabilities(claims.getClaim(capabilitiesClaim)),
                others(claims));
    }

    /** The session that the issuer names, which all tokens of one login have in common; without one the token itself. */
    private static String session(JWTClaimsSet claims, String id, String token) {
        return claims.getClaim("sid") instanceof String sid && !sid.isEmpty() ? id + '\n' + sid : token;
    }

    private String id(JWTClaimsSet claims) {
        Object user = claims.getClaim(userClaim);
        if (!(user instanceof String || user instanceof Number)
                || String.valueOf(user).isEmpty()) {
            throw refused("the token's claim " + userClaim + " does not say who it is");
        }
        String text = String.valueOf(user);
        if (issuers.size() > 1) {
            return HASHED + hash(claims.getIssuer() + '\n' + text);
        }
        boolean plain = PLAIN_ID.matcher(text).matches()
                && !text.startsWith(HASHED)
                && !(besideAccounts && ACCOUNT_ID.matcher(text).matches());
        return plain ? text : HASHED + hash(text);
    }

    private Map<String, Set<String>> others(JWTClaimsSet claims) {
        return otherClaims.stream().collect(Collectors.toMap(name -> name, name -> values(claims.getClaim(name))));
    }

    /** A text, a whole number, or several of these; a value that is too long, too many values, or something else count as nothing. */
    private static Set<String> values(@Nullable Object claim) {
        Collection<?> said =
                claim == null ? Set.of() : claim instanceof Collection<?> several ? several : Set.of(claim);
        if (said.size() > MOST_VALUES) {
            return Set.of();
        }
        return said.stream()
                .filter(value -> value instanceof String || value instanceof Long || value instanceof Integer)
                .map(String::valueOf)
                .filter(value -> VALUE.matcher(value).matches())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> capabilities(@Nullable Object claim) {
        Collection<?> said = switch (claim) {
            case null -> List.of();
            case String text -> List.of(text.split(" "));
            case Collection<?> several -> several;
            default -> throw refused("the token's capabilities are neither a text nor a list");
        };
        if (said.size() > MOST_CAPABILITIES) {
            throw refused("the token has " + said.size() + " capabilities; allowed are " + MOST_CAPABILITIES);
        }
        Set<String> capabilities = new HashSet<>();
        for (Object each : said) {
            String text = String.valueOf(each);
            if (!text.isEmpty()) {
                capabilities.add(streams(text).toString());
            }
        }
        return capabilities;
    }

    /** A person may do with streams what a token says, and nothing else that a program may. */
    private static Capability streams(String text) {
        try {
            Capability capability = Capability.parse(text);
            if (capability.action() == Capability.Action.READ || capability.action() == Capability.Action.PUBLISH) {
                return capability;
            }
        } catch (TuttiException notOne) {
            throw refused("the token's capabilities cannot be read: " + notOne.getMessage());
        }
        throw refused("the token's capability " + text + " is one for programs; allowed are read and publish");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, 32);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static TuttiException refused(String message) {
        return new TuttiException(ErrorCode.UNAUTHENTICATED, message);
    }
}
