/** An application of its own in the server: live scores and prices from an upstream. */
@NullMarked
package dev.tutti.scores;

import org.jspecify.annotations.NullMarked;
