package dev.tutti.core.presence;

/** Somebody at a place. */
record PresenceKey(String place, String person) {}
