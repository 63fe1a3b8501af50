package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.LIMITS;

/** The settings of how much one person or address may do. */
public final class UsageSettings {
    public static final Setting<Integer> LOGIN_FAILURES_PER_NAME = Setting.open(
            "TUTTI_LOGIN_FAILURES_PER_NAME",
            LIMITS,
            Type.whole(1, 1_000_000),
            "10",
            "The number of failed logins with one name that are allowed at once. Afterwards as many are allowed per"
                    + " minute.");

    public static final Setting<Integer> LOGIN_FAILURES_PER_ADDRESS = Setting.open(
            "TUTTI_LOGIN_FAILURES_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "60",
            "The number of failed logins from one network address that are allowed at once. Afterwards as many are"
                    + " allowed per minute.");

    public static final Setting<Integer> REGISTRATIONS_PER_ADDRESS = Setting.open(
            "TUTTI_REGISTRATIONS_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "120",
            "The number of registrations from one network address that are allowed at once. Afterwards as many are"
                    + " allowed per minute. The new visitors of TUTTI_VISITORS_PER_ADDRESS have a separate limit of the"
                    + " same size.");

    public static final Setting<Integer> VISITORS_PER_ADDRESS = Setting.open(
            "TUTTI_VISITORS_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "1000",
            "The number of visitors from one network address, without a login, whose preferences or session attributes"
                    + " may be stored for the first time. As many are allowed at once, and afterwards as many per"
                    + " day.");

    public static final Setting<Long> BYTES_PER_DAY = Setting.open(
            "TUTTI_BYTES_PER_DAY",
            LIMITS,
            Type.count(1_000, 1L << 50),
            "1073741824",
            "The most bytes of events and of values of feeds that one account, or one person with a token of another"
                    + " issuer, may write per day (UTC), over all instances. Each event and value counts as 200 bytes"
                    + " more than it has. Further writes are refused with quota_exceeded.");

    public static final Setting<Long> STREAMS_PER_DAY = Setting.open(
            "TUTTI_STREAMS_PER_DAY",
            LIMITS,
            Type.count(1, 1L << 50),
            "10000",
            "The most streams and feeds that one account, or one person with a token of another issuer, may create per"
                    + " day (UTC), by publishing to them or by founding groups.");

    public static final Setting<Long> CONVERSATIONS_PER_DAY = Setting.open(
            "TUTTI_CONVERSATIONS_PER_DAY",
            LIMITS,
            Type.count(1, 1L << 50),
            "500",
            "The most conversations that one account may begin per day (UTC) with people who have not agreed:"
                    + " invitations, and groups to which it adds people with whom it has no conversation.");

    private UsageSettings() {}
}
