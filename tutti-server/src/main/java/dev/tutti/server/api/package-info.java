/** The server's interface for a team's own backend, which shows a key. */
@NullMarked
package dev.tutti.server.api;

import org.jspecify.annotations.NullMarked;
