@NullMarked
package dev.tutti.tck.limit;

import org.jspecify.annotations.NullMarked;
