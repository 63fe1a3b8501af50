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
            "Where your backend is asked whether people may connect, subscribe and publish, and told that they have gone. Not set: it is"
                    + " not.");

    public static final Setting<List<HookEvent>> EVENTS = Setting.open(
            "TUTTI_HOOK_EVENTS",
            ACCOUNTS,
            Type.list(Type.oneOf(HookEvent.class)),
            "connect,subscribe,publish,disconnect",
            "The events that it is asked about and told of.");

    public static final Setting<Optional<String>> SECRET = new Setting<>(
            "TUTTI_HOOK_SECRET",
            ACCOUNTS,
            Type.optional(Type.text("32 characters or more", "[!-~]{32,1000}")),
            "",
            SecretMask.SECRET,
            "Signs what it is asked and told (Standard Webhooks). Required with TUTTI_HOOK_URL.");

    public static final Setting<Duration> TIMEOUT = Setting.open(
            "TUTTI_HOOK_TIMEOUT",
            ACCOUNTS,
            Type.duration(Duration.ofMillis(50), Duration.ofSeconds(20)),
            "2s",
            "How long it may take to answer.");

    public static final Setting<HookFailure> FAILURE = Setting.open(
            "TUTTI_HOOK_FAILURE",
            ACCOUNTS,
            Type.oneOf(HookFailure.class),
            "deny",
            "Decides while it cannot be reached, is late, or is away as a gateway says (502, 503, 504): deny refuses for now (unavailable),"
                    + " allow lets people do what their rights allow. After any other answer that cannot be used, what was asked is"
                    + " refused.");

    public static final Setting<Integer> CONCURRENCY = Setting.open(
            "TUTTI_HOOK_CONCURRENCY",
            ACCOUNTS,
            Type.whole(1, 10_000),
            "64",
            "How many requests to it this instance has under way, of which one account has half at most where it is 16 or more."
                    + " Beyond that people are refused for now (overloaded).");

    private HookSettings() {}
}
