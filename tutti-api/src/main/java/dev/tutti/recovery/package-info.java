/** The stored state of clients' connections, with which they can continue at another instance when their own one dies. */
@NullMarked
package dev.tutti.recovery;

import org.jspecify.annotations.NullMarked;
