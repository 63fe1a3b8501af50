/** The form of log lines and the places where they go. */
@NullMarked
package dev.tutti.server.log;

import org.jspecify.annotations.NullMarked;
