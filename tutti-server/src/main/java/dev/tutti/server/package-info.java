/** The program. */
@NullMarked
package dev.tutti.server;

import org.jspecify.annotations.NullMarked;
