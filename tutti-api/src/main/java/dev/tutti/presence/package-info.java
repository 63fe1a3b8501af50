/** Presence: the users who are online, by topic, over all instances. */
@NullMarked
package dev.tutti.presence;

import org.jspecify.annotations.NullMarked;
