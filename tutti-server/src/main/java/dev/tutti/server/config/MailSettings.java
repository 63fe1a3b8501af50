package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.ACCOUNTS;

import java.net.URI;
import java.util.Optional;

/** The settings of mails: with what they are sent, and where their links lead. */
public final class MailSettings {
    public static final Setting<Optional<URI>> SMTP_URL = new Setting<>(
            "SMTP_URL",
            ACCOUNTS,
            Type.optional(
                    url("smtp://user:password@host:587 or smtps://user:password@host:465", "smtps?://\\S{1,1000}")),
            "",
            SecretMask.URL_WITH_PASSWORD,
            "The mail server. smtps uses TLS from the start. smtp uses STARTTLS; a server on another machine that does"
                    + " not offer it gets no mails. Special characters of the password are written as %XX. Not set: no"
                    + " mails are sent, and links to set a new password are written to the log.");

    public static final Setting<String> SMTP_FROM = Setting.open(
            "SMTP_FROM",
            ACCOUNTS,
            Type.text("an e-mail address", "[^\\s@<>,]{1,64}@[A-Za-z0-9.-]{1,189}"),
            "tutti@localhost",
            "The sender of mails.");

    public static final Setting<Optional<URI>> PUBLIC_URL = Setting.open(
            "TUTTI_PUBLIC_URL",
            ACCOUNTS,
            Type.optional(url("a URL such as https://chat.example.com/", "https?://[^\\s?#]{1,500}")),
            "",
            "The URL of the page, for links in mails. With TUTTI_TLS_CERT commands call the server at this URL, too."
                    + " Not set: http://localhost and PORT, or https with TUTTI_TLS_CERT.");

    private MailSettings() {}

    /** Where links lead. */
    public static URI page(SettingValues values) {
        return values.value(PUBLIC_URL)
                .map(url -> url.getPath().endsWith("/") ? url : URI.create(url + "/"))
                .orElseGet(() -> URI.create(
                        TlsSettings.scheme(values) + "://localhost:" + values.value(ServerSettings.PORT) + "/"));
    }

    private static Type<URI> url(String allowed, String pattern) {
        Type<String> text = Type.text(allowed, pattern);
        return new Type<>(allowed, written -> {
            try {
                URI url = URI.create(text.read(written));
                if (url.getHost() == null) {
                    throw new InvalidValueException();
                }
                return url;
            } catch (IllegalArgumentException none) {
                throw new InvalidValueException();
            }
        });
    }
}
