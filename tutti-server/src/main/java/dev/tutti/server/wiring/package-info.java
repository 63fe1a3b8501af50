/** The parts of one server process, put together: started in order, closed in reverse. */
@NullMarked
package dev.tutti.server.wiring;

import org.jspecify.annotations.NullMarked;
