/** What the team's backend is asked and told about clients, over HTTP. */
@NullMarked
package dev.tutti.server.hook;

import org.jspecify.annotations.NullMarked;
