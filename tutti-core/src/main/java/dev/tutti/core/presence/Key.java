package dev.tutti.core.presence;

/** Somebody at a place. */
record Key(String place, String person) {}
