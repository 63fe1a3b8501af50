/** A Socket.IO server of one's own. */
@NullMarked
package dev.tutti.hello;

import org.jspecify.annotations.NullMarked;
