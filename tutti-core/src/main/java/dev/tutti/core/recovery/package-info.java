/** Recovery of connections at other instances: the saved states, and how long they are kept. */
@NullMarked
package dev.tutti.core.recovery;

import org.jspecify.annotations.NullMarked;
