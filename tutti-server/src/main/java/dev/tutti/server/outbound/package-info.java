/** Requests of the server's own to other programs, over HTTP. */
@NullMarked
package dev.tutti.server.outbound;

import org.jspecify.annotations.NullMarked;
