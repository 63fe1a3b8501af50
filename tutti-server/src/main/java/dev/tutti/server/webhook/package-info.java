/** Events of streams, posted to other programs, signed, in order and at least once. */
@NullMarked
package dev.tutti.server.webhook;

import org.jspecify.annotations.NullMarked;
