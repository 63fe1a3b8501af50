package dev.tutti.account;

/**
 * How often one may try, at all instances together. Each is the number at once and then per minute, or for visitors per
 * day, 1 to 1 000 000.
 *
 * @param failuresPerName failed logins with one name
 * @param failuresPerAddress failed logins from one network address
 * @param registrationsPerAddress accounts made from one network address
 * @param visitorsPerAddress visitors of one network address of whom preferences are kept for the first time, and those of whom session
 *     attributes are, together
 */
public record LimitSettings(
        int failuresPerName, int failuresPerAddress, int registrationsPerAddress, int visitorsPerAddress) {
    private static final int VISITORS = 1_000;

    /** Slow enough for who guesses, generous for an office behind one address. */
    public static final LimitSettings DEFAULT = new LimitSettings(10, 60, 120, VISITORS);

    public LimitSettings {
        within("failuresPerName", failuresPerName);
        within("failuresPerAddress", failuresPerAddress);
        within("registrationsPerAddress", registrationsPerAddress);
        within("visitorsPerAddress", visitorsPerAddress);
    }

    /** The same with the usual number of visitors. */
    public LimitSettings(int failuresPerName, int failuresPerAddress, int registrationsPerAddress) {
        this(failuresPerName, failuresPerAddress, registrationsPerAddress, VISITORS);
    }

    private static void within(String name, int value) {
        if (value < 1 || value > 1_000_000) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are 1 to 1000000");
        }
    }
}
