/** The questions and the news about clients that are sent to the team's backend, over HTTP. */
@NullMarked
package dev.tutti.server.hook;

import org.jspecify.annotations.NullMarked;
