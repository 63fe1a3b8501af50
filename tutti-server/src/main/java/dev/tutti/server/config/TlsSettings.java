package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.SERVER;

import java.nio.file.Path;
import java.util.Optional;

/** The settings of TLS at the port for clients. */
public final class TlsSettings {
    public static final Setting<Optional<Path>> CERTIFICATE = Setting.open(
            "TUTTI_TLS_CERT",
            SERVER,
            Type.optional(Type.path("a file")),
            "",
            "The file with the certificate (PEM) for https and wss on PORT, followed by the certificates of its"
                    + " authorities up to the root. TUTTI_TLS_KEY must be set, too. The file is read again when it"
                    + " changes, and on SIGHUP. Not set: no TLS, for example because a load balancer terminates it.");

    public static final Setting<Optional<Path>> KEY = Setting.open(
            "TUTTI_TLS_KEY",
            SERVER,
            Type.optional(Type.path("a file")),
            "",
            "The file with the private key (PEM, without a password) of TUTTI_TLS_CERT. Not set: no TLS.");

    private TlsSettings() {}

    /** The scheme of the port for clients: https or http. */
    public static String scheme(SettingValues values) {
        return values.value(CERTIFICATE).isPresent() ? "https" : "http";
    }
}
