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
            "on: Tutti has accounts of its own, and with them the chat and its page. off: people can use only tokens of"
                    + " other issuers.");

    public static final Setting<Switch> AUDIT = Setting.open(
            "TUTTI_AUDIT",
            ACCOUNTS,
            Type.oneOf(Switch.class),
            "off",
            "on: the stream audit:log records logins and failed logins, and each person or program that reads or"
                    + " changes accounts, sessions, keys, webhooks or invitations, except one's own profile. off: no such records.");

    public static final Setting<RegistrationPolicy> REGISTRATION = Setting.open(
            "TUTTI_REGISTRATION",
            ACCOUNTS,
            Type.oneOf(RegistrationPolicy.class),
            "open",
            "The people who may register. open: everybody. invite: people with an invitation, which administrators and"
                    + " keys make. closed: nobody.");

    public static final Setting<List<String>> ISSUERS = Setting.open(
            "TUTTI_JWT_ISSUERS",
            ACCOUNTS,
            Type.list(Type.text("a URL with https, or with http on this machine", URL)),
            "",
            "The issuers whose tokens (JWT) are accepted, as in the claim iss. If no keys are set, they are found by"
                    + " OpenID Connect discovery. Not set: the issuers that TUTTI_JWT_JWKS names, or every issuer if it"
                    + " names none.");

    public static final Setting<List<String>> KEY_SETS = Setting.open(
            "TUTTI_JWT_JWKS",
            ACCOUNTS,
            Type.list(Type.text(
                    "a URL with https, or with http on this machine, with or without ISSUER= before it",
                    "((" + URL.replace(",]", ",=]") + ")=)?(" + URL + ")")),
            "",
            "The URLs of JWK sets, with the public keys of tokens. ISSUER=URL is a set of one issuer; this form is"
                    + " required if several issuers are trusted. A set is loaded again when a token names an unknown"
                    + " key.");

    public static final Setting<List<Path>> PUBLIC_KEYS = Setting.open(
            "TUTTI_JWT_PUBLIC_KEYS",
            ACCOUNTS,
            Type.list(Type.existing("a file with a public key (PEM): RSA, EC or Ed25519")),
            "",
            "Files with the public keys of tokens. They are read again on SIGHUP.");

    public static final Setting<Optional<String>> HMAC_SECRET = new Setting<>(
            "TUTTI_JWT_HMAC_SECRET",
            ACCOUNTS,
            Type.optional(Type.text("32 characters or more", "[!-~]{32,1000}")),
            "",
            SecretMask.SECRET,
            "A secret that signs tokens (HS256, HS384, HS512), and that your backend has, too. Do not use JWT_SECRET"
                    + " here.");

    public static final Setting<List<String>> AUDIENCE = Setting.open(
            "TUTTI_JWT_AUDIENCE",
            ACCOUNTS,
            Type.list(Type.text("a name or URL", "[^\\s,]{1,500}")),
            "",
            "The accepted audiences. The claim aud of a token must contain one of them. Not set: the claim is not"
                    + " checked, and the start logs a warning.");

    public static final Setting<String> USER_CLAIM = Setting.open(
            "TUTTI_JWT_USER_CLAIM",
            ACCOUNTS,
            Type.text("the name of a claim", "[^\\s,]{1,200}"),
            "sub",
            "The claim of a token that contains the user's id.");

    public static final Setting<String> CAPABILITIES_CLAIM = Setting.open(
            "TUTTI_JWT_CAPABILITIES_CLAIM",
            ACCOUNTS,
            Type.text("the name of a claim", "[^\\s,]{1,200}"),
            "tutti",
            "The claim of a token with the user's rights beyond TUTTI_RIGHTS, such as read:org:7:*. Its value is a list"
                    + " of strings, or one string with spaces between the entries. There may be 100 entries, each a"
                    + " read or a publish. A token with any other entry is refused, so a claim with other entries, such"
                    + " as OAuth's scope, cannot be used.");

    public static final Setting<List<String>> RIGHTS = Setting.open(
            "TUTTI_RIGHTS",
            ACCOUNTS,
            Type.list(Type.text(
                    "none, read:STREAM, publish:STREAM or anybody:read:STREAM",
                    "none|(read|publish|anybody:read):[^\\s,]{1,190}")),
            "read:room:*,publish:room:*,read:feed:*,read:user:{id},read:user:{id}:*",
            "The rights of everybody who is logged in, for streams and feeds. A * at the end matches any ending. {id}"
                    + " is the user's id. {claim:NAME} is each value of that claim in a token of another issuer."
                    + " anybody:read:KIND:NAME holds also for clients that are not logged in, and only for streams."
                    + " Publishing a feed needs a right in the token or key. The chat has rules of its own for"
                    + " conversations. none: no rights.");

    public static final Setting<Optional<String>> JWT_SECRET = new Setting<>(
            "JWT_SECRET",
            ACCOUNTS,
            Type.optional(Type.secret()),
            "",
            SecretMask.SECRET,
            "The secret that signs access tokens and seals the messages between instances. The same for all instances."
                    + " Required with DATABASE_URL. Not set, with the embedded database: the first start makes one."
                    + " This command makes a good one: openssl rand -base64 48");

    public static final Setting<List<String>> JWT_SECRET_PREVIOUS = new Setting<>(
            "JWT_SECRET_PREVIOUS",
            ACCOUNTS,
            Type.words(Type.secret(), 10),
            "",
            SecretMask.SECRET,
            "Secrets that are accepted, but do not sign. JWT_SECRET is changed in three steps, so that nobody is logged"
                    + " out: put the new secret here at all instances; make it JWT_SECRET, with the old secret here;"
                    + " remove the old secret when TUTTI_ACCESS_TTL has passed, or TUTTI_SESSION_TTL if SESSION_SECRET"
                    + " or SESSION_ENCRYPTION_KEY is not set.");

    public static final Setting<Duration> ACCESS_TTL = Setting.open(
            "TUTTI_ACCESS_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofSeconds(10), Duration.ofHours(24)),
            "15m",
            "The time for which an access token is valid. At most TUTTI_REFRESH_TTL.");

    public static final Setting<Duration> REFRESH_TTL = Setting.open(
            "TUTTI_REFRESH_TTL",
            ACCOUNTS,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(400)),
            "30d",
            "The time for which a login lasts while it is not used.");

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
