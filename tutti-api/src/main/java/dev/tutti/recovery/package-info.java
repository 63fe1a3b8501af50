/** The state kept of a client's connection, so that it can go on at another instance when its own one dies. */
@NullMarked
package dev.tutti.recovery;

import org.jspecify.annotations.NullMarked;
