/** Presence: who is online, over all instances. */
@NullMarked
package dev.tutti.core.presence;

import org.jspecify.annotations.NullMarked;
