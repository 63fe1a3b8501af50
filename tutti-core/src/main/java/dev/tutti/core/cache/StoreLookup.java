package dev.tutti.core.cache;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer of the second level for a key, as a value.
 *
 * @param token for what is loaded instead; empty if nothing can be kept there
 */
record StoreLookup<V>(OptionalLong token, Optional<CacheLookup<V>> value) {}
