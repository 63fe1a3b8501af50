@NullMarked
package dev.tutti.bench.child;

import org.jspecify.annotations.NullMarked;
