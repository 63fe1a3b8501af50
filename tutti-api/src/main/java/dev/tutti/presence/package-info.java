/** The users who are online, in all instances. */
@NullMarked
package dev.tutti.presence;

import org.jspecify.annotations.NullMarked;
