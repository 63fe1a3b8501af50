/** What a team's own backend asks of the server, with a key. */
@NullMarked
package dev.tutti.server.api;

import org.jspecify.annotations.NullMarked;
