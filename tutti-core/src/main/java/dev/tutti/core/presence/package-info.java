/** Who is online, in all instances. */
@NullMarked
package dev.tutti.core.presence;

import org.jspecify.annotations.NullMarked;
