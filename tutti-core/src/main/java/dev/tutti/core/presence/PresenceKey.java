package dev.tutti.core.presence;

/** A user under a topic, which is the application's. */
record PresenceKey(String topic, String user) {}
