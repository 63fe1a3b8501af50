/** The runnable server: the parts of one process, started in order and stopped in reverse. */
@NullMarked
package dev.tutti.server;

import org.jspecify.annotations.NullMarked;
