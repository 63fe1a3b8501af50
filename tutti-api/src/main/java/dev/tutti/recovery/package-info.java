/** Stored states of clients' connections, from which another instance can continue them when their own instance has died. */
@NullMarked
package dev.tutti.recovery;

import org.jspecify.annotations.NullMarked;
