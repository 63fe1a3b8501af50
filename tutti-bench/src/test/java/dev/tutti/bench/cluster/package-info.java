@NullMarked
package dev.tutti.bench.cluster;

import org.jspecify.annotations.NullMarked;
