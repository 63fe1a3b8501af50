package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.ACCOUNTS;

import dev.tutti.account.RegistrationPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings of who comes in beside Tutti's own accounts, and of what everybody may do. */
public final class IdentitySettings {
    private static final String URL =
            "https://[^\\s,]{1,500}|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?(/[^\\s,]{0,400})?";

    /** The choice whether something is there. */
    public enum Switch {
        /** It is. */
        ON,
        /** It is not. */
        OFF
    }

    public static final Setting<Switch> OWN_ACCOUNTS = Setting.open(
            "TUTTI_ACCOUNTS",
            ACCOUNTS,
            Type.oneOf(Switch.class),
            "on",
            "Whether there are accounts of Tutti's own, and with them the chat and its page. off: people come by tokens of"
                    + " other issuers alone.");

    public static final Setting<Switch> AUDIT = Setting.open(
            "TUTTI_AUDIT",
            ACCOUNTS,
            Type.oneOf(Switch.class),
            "off",
            "Whether it is recorded, in the stream audit:log, who logs in and fails to, and who reads or changes accounts, sessions, keys,"
                    + " webhooks and invitations.");

    public static final Setting<RegistrationPolicy> REGISTRATION = Setting.open(
            "TUTTI_REGISTRATION",
            ACCOUNTS,
            Type.oneOf(RegistrationPolicy.class),
            "open",
            "The people who may make an account: everybody, those with an invitation of an administrator or a key, or nobody.");

    public static final Setting<List<String>> ISSUERS = Setting.open(
            "TUTTI_JWT_ISSUERS",
            ACCOUNTS,
            Type.list(Type.text("a URL with https, or with http on this machine", URL)),
            "",
            "The issuers whose tokens (JWT) are accepted, by their claim iss. Unless the keys are set they are found by OpenID"
                    + " Connect discovery. Not set: those that TUTTI_JWT_JWKS names, or all if it names none.");

    public static final Setting<List<String>> KEY_SETS = Setting.open(
            "TUTTI_JWT_JWKS",
            ACCOUNTS,
            Type.list(Type.text(
                    "a URL with https, or with http on this machine, behind ISSUER= or not",
                    "((" + URL.replace(",]", ",=]") + ")=)?(" + URL + ")")),
            "",
            "Where public keys are (JWK sets) that sign tokens: URL, or ISSUER=URL for those of one issuer, which is demanded if"
                    + " several are trusted. They are asked again when a token names one that is not known.");

    public static final Setting<List<Path>> PUBLIC_KEYS = Setting.open(
            "TUTTI_JWT_PUBLIC_KEYS",
            ACCOUNTS,
            Type.list(Type.existing("a file with a public key (PEM): RSA, EC or Ed25519")),
            "",
            "Public keys that sign tokens. The files are read again on SIGHUP.");

    public static final Setting<Optional<String>> HMAC_SECRET = new Setting<>(
            "TUTTI_JWT_HMAC_SECRET",
            ACCOUNTS,
            Type.optional(Type.text("32 characters or more", "[!-~]{32,1000}")),
            "",
            SecretMask.SECRET,
            "A secret that signs tokens (HS256, HS384, HS512), which your backend has too. Not JWT_SECRET.");

    public static final Setting<List<String>> AUDIENCE = Setting.open(
            "TUTTI_JWT_AUDIENCE",
            ACCOUNTS,
            Type.list(Type.text("a name or URL", "[^\\s,]{1,500}")),
            "",
            "The audiences of which the claim aud of a token must have one. Unless set the claim is not looked at, and there is a"
                    + " warning at the start.");

    public static final Setting<String> USER_CLAIM = Setting.open(
            "TUTTI_JWT_USER_CLAIM",
            ACCOUNTS,
            Type.text("the name of a claim", "[^\\s,]{1,200}"),
            "sub",
            "The claim that says who somebody is.");

    public static final Setting<String> CAPABILITIES_CLAIM = Setting.open(
            "TUTTI_JWT_CAPABILITIES_CLAIM",
            ACCOUNTS,
            Type.text("the name of a claim", "[^\\s,]{1,200}"),
            "tutti",
            "The claim, a list of texts or a text with spaces between, with what somebody may do beside TUTTI_RIGHTS, such as"
                    + " read:org:7:*. Each entry is a read or publish, 100 at most; a token with another entry is refused, so that a"
                    + " claim with words of its own, such as OAuth's scope, cannot be used.");

    public static final Setting<List<String>> RIGHTS = Setting.open(
            "TUTTI_RIGHTS",
            ACCOUNTS,
            Type.list(Type.text(
                    "none, read:STREAM, publish:STREAM or anybody:read:STREAM",
                    "none|(read|publish|anybody:read):[^\\s,]{1,190}")),
            "read:room:*,publish:room:*,read:feed:*,read:user:{id},read:user:{id}:*",
            "The capabilities of everybody who is signed in, for streams and feeds: a * at the end stands for any end, {id} for"
                    + " who they are, {claim:NAME} for each value that their token, of another issuer, has of that claim. anybody:read:KIND:NAME is for those who are not signed in, too, and for streams. Feeds are published by tokens and keys alone. none: nothing. Conversations of the chat have rules of their own.");

    public static final Setting<Optional<String>> JWT_SECRET = new Setting<>(
            "JWT_SECRET",
            ACCOUNTS,
            Type.optional(Type.secret()),
            "",
            SecretMask.SECRET,
            "Signs access tokens, and seals what instances tell each other; the same for all instances. Required with DATABASE_URL; with the embedded database one"
                    + " is made on the first start. A good one: openssl rand -base64 48");

    public static final Setting<List<String>> JWT_SECRET_PREVIOUS = new Setting<>(
            "JWT_SECRET_PREVIOUS",
            ACCOUNTS,
            Type.words(Type.secret(), 10),
            "",
            SecretMask.SECRET,
            "Accepted as well, not used to sign. To change JWT_SECRET without logging anyone out, first put the new one here on"
                    + " all instances; then change JWT_SECRET, with the old one here until TUTTI_ACCESS_TTL has passed.");

    public static final Setting<Duration> ACCESS_TTL = Setting.open(
            "TUTTI_ACCESS_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
            "15m",
            "How long an access token is valid.");

    public static final Setting<Duration> REFRESH_TTL = Setting.open(
            "TUTTI_REFRESH_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(400)),
            "30d",
            "How long somebody who does nothing stays logged in.");

    private IdentitySettings() {}

    /** Whether tokens of other issuers are accepted. */
    public static boolean hasIssuers(SettingValues values) {
        return !values.value(ISSUERS).isEmpty()
                || !values.value(KEY_SETS).isEmpty()
                || !values.value(PUBLIC_KEYS).isEmpty()
                || values.value(HMAC_SECRET).isPresent();
    }

    /** Contradictions between values that can be read, and a secret that is missing. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        List<ConfigurationError> mistakes = new ArrayList<>();
        ConfigurationError.unlessAtMost(values, ACCESS_TTL, REFRESH_TTL).ifPresent(mistakes::add);
        if (values.readable(DatabaseSettings.DATABASE_URL, JWT_SECRET)
                && values.value(DatabaseSettings.DATABASE_URL).isPresent()
                && values.value(JWT_SECRET).isEmpty()) {
            mistakes.add(new ConfigurationError(
                    JWT_SECRET.name(),
                    "is required with DATABASE_URL, since all instances must share it; set it to "
                            + JWT_SECRET.type().allowed() + ", for example what openssl rand -base64 48 prints"));
        }
        return mistakes;
    }

    /**
     * Says so where tokens count that were made for somebody else, and where a server for many has the rights of one that is
     * tried out.
     */
    static List<ConfigurationError> warnings(SettingValues values) {
        List<ConfigurationError> warnings = new ArrayList<>();
        if (hasIssuers(values) && values.value(AUDIENCE).isEmpty()) {
            warnings.add(new ConfigurationError(
                    AUDIENCE.name(),
                    "is not set: tokens of the issuers are accepted for whichever application they were made; set it to what"
                            + " their claim aud has"));
        }
        if (values.value(DatabaseSettings.DATABASE_URL).isPresent() && !values.isSet(RIGHTS)) {
            warnings.add(new ConfigurationError(
                    RIGHTS.name(),
                    "is not set: everybody who is signed in may read all streams of the kind room and append to them; set it"
                            + " to what they may do, or to none"));
        }
        return warnings;
    }
}
