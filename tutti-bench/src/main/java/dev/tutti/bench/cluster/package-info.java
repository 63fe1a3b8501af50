/** {@code tutti bench cluster}: several instances at once, as they are started in earnest. */
@NullMarked
package dev.tutti.bench.cluster;

import org.jspecify.annotations.NullMarked;
