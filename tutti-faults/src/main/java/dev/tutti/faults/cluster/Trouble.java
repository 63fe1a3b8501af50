package dev.tutti.faults.cluster;

/** Kinds of trouble in which an instance can be. */
public enum Trouble {
    /** Its process stands still. */
    FROZEN,
    /** Its own link to PostgreSQL is disturbed; the other instances reach PostgreSQL. */
    DATABASE_LINK,
    /** PostgreSQL is away, for all instances. */
    DATABASE_AWAY,
    /** Its own link to Redis is disturbed. */
    REDIS_LINK,
    /** The links of all instances to Redis are away. */
    REDIS_AWAY,
    /** The process of Redis has ended, also while the links are away. */
    REDIS_DOWN,
    /** Other programs take the processors. */
    STARVED
}
