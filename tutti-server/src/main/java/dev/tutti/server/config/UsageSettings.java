package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.LIMITS;

/** The settings of how much one person or address may do. */
public final class UsageSettings {
    public static final Setting<Integer> LOGIN_FAILURES_PER_NAME = Setting.open(
            "TUTTI_LOGIN_FAILURES_PER_NAME",
            LIMITS,
            Type.whole(1, 1_000_000),
            "10",
            "Failed logins with one name: so many at once, and then so many per minute.");

    public static final Setting<Integer> LOGIN_FAILURES_PER_ADDRESS = Setting.open(
            "TUTTI_LOGIN_FAILURES_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "60",
            "Failed logins from one network address: so many at once, and then so many per minute.");

    public static final Setting<Integer> REGISTRATIONS_PER_ADDRESS = Setting.open(
            "TUTTI_REGISTRATIONS_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "120",
            "Accounts made from one network address: so many at once, and then so many per minute.");

    public static final Setting<Integer> VISITORS_PER_ADDRESS = Setting.open(
            "TUTTI_VISITORS_PER_ADDRESS",
            LIMITS,
            Type.whole(1, 1_000_000),
            "1000",
            "Visitors of one network address, without a login, whose preferences are kept for the first time, and those whose"
                    + " session attributes are: so many together at once, and then so many per day.");

    public static final Setting<Long> BYTES_PER_DAY = Setting.open(
            "TUTTI_BYTES_PER_DAY",
            LIMITS,
            Type.count(1_000, 1L << 50),
            "1073741824",
            "Bytes of events and of values of feeds that one account, or one person with a token of another issuer, may"
                    + " write in a day of UTC, over all instances, 200 for each of them included. More are refused with"
                    + " quota_exceeded.");

    public static final Setting<Long> STREAMS_PER_DAY = Setting.open(
            "TUTTI_STREAMS_PER_DAY",
            LIMITS,
            Type.count(1, 1L << 50),
            "10000",
            "Streams and feeds that one account, or one person with a token of another issuer, may create in a day of"
                    + " UTC, by publishing to them or by founding groups.");

    public static final Setting<Long> CONVERSATIONS_PER_DAY = Setting.open(
            "TUTTI_CONVERSATIONS_PER_DAY",
            LIMITS,
            Type.count(1, 1L << 50),
            "500",
            "Conversations that one account may begin in a day of UTC with people who have not agreed: invitations, and groups"
                    + " into which it brings people with whom it does not talk.");

    private UsageSettings() {}
}
