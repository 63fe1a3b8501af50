/** The bus, which carries messages between the instances of a cluster. Each message arrives at most once. */
@NullMarked
package dev.tutti.bus;

import org.jspecify.annotations.NullMarked;
