package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.ACCOUNTS;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of hooks: what a backend is asked and told about clients. */
public final class HookSettings {
    /** An event of which a backend is asked or told. */
    public enum HookEvent {
        /** Whether somebody may come in. */
        CONNECT,
        /** Whether somebody may read a stream or feed. */
        SUBSCRIBE,
        /** Whether somebody may append to a stream. */
        PUBLISH,
        /** The news that the last connection of a login at an instance has ended. */
        DISCONNECT
    }

    /** The answer that holds while the backend is away. */
    public enum HookFailure {
        /** The act that was asked for is refused for now. */
        DENY,
        /** The act that was asked for may be done. */
        ALLOW
    }

    public static final Setting<Optional<String>> URL = new Setting<>(
            "TUTTI_HOOK_URL",
            ACCOUNTS,
            Type.optional(Type.text("an http or https URL", "https?://[^\\s#]{1,900}")),
            "",
            SecretMask.URL_WITH_CREDENTIALS,
            "The URL of your backend. The server asks it whether people may connect, subscribe and publish, and tells"
                    + " it when they have disconnected. Not set: the server does not call a backend.");

    public static final Setting<List<HookEvent>> EVENTS = Setting.open(
            "TUTTI_HOOK_EVENTS",
            ACCOUNTS,
            Type.list(Type.oneOf(HookEvent.class)),
            "connect,subscribe,publish,disconnect",
            "The events for which the server calls the backend. For connect, subscribe and publish it asks the backend;"
                    + " for disconnect it tells the backend.");

    public static final Setting<Optional<String>> SECRET = new Setting<>(
            "TUTTI_HOOK_SECRET",
            ACCOUNTS,
            Type.optional(Type.text("32 characters or more", "[!-~]{32,1000}")),
            "",
            SecretMask.SECRET,
            "The secret that signs the requests to the backend (Standard Webhooks). Required with TUTTI_HOOK_URL.");

    public static final Setting<Duration> TIMEOUT = Setting.open(
            "TUTTI_HOOK_TIMEOUT",
            ACCOUNTS,
            Type.duration(Duration.ofMillis(50), Duration.ofSeconds(20)),
            "2s",
            "The time within which the backend must answer.");

    public static final Setting<HookFailure> FAILURE = Setting.open(
            "TUTTI_HOOK_FAILURE",
            ACCOUNTS,
            Type.oneOf(HookFailure.class),
            "deny",
            "The decision while the backend cannot be reached, is late, or a gateway answers for it with 502, 503 or"
                    + " 504. deny: the request is refused with unavailable, and may be repeated. allow: people may do"
                    + " what their rights allow. Any other answer that cannot be used refuses the request, with allow"
                    + " as well.");

    public static final Setting<Integer> CONCURRENCY = Setting.open(
            "TUTTI_HOOK_CONCURRENCY",
            ACCOUNTS,
            Type.whole(1, 10_000),
            "64",
            "The most requests to the backend that this instance has under way. At most half of them, or 8 if half is"
                    + " less, are about one account. Further requests are refused with overloaded, and may be"
                    + " repeated.");

    private HookSettings() {}
}
