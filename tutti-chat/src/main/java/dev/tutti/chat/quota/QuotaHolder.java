package dev.tutti.chat.quota;

/**
 * Somebody whose use is counted.
 *
 * @param id the account's, or that of the {@link dev.tutti.socket.Principal}, which stands for an issuer and its subject
 */
public record QuotaHolder(Kind kind, String id) {
    /** Where somebody comes from. */
    public enum Kind {
        /** An account of this server. */
        ACCOUNT,
        /** Another issuer's token. */
        FOREIGN
    }

    /** The account of that id. */
    public static QuotaHolder account(String id) {
        return new QuotaHolder(Kind.ACCOUNT, id);
    }

    /** The person of that id, who has no account here. */
    public static QuotaHolder foreign(String id) {
        return new QuotaHolder(Kind.FOREIGN, id);
    }
}
