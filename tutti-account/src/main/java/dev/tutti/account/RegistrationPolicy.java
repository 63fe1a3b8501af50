package dev.tutti.account;

/** The people who may make an account. */
public enum RegistrationPolicy {
    /** Everybody. */
    OPEN,
    /** Everybody with an invitation of an administrator or a key. */
    INVITE,
    /** Nobody. */
    CLOSED
}
