@NullMarked
package dev.tutti.bench.load;

import org.jspecify.annotations.NullMarked;
