/** The load client: many connections that cost little, so that the server is what is measured. */
@NullMarked
package dev.tutti.bench.load;

import org.jspecify.annotations.NullMarked;
