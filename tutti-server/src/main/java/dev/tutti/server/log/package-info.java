/** How log lines look and where they go. */
@NullMarked
package dev.tutti.server.log;

import org.jspecify.annotations.NullMarked;
