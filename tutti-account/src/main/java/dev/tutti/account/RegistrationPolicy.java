package dev.tutti.account;

/** Who may make an account. */
public enum RegistrationPolicy {
    /** Everybody. */
    OPEN,
    /** Whoever has an invitation of an administrator or a key. */
    INVITE,
    /** Nobody. */
    CLOSED
}
