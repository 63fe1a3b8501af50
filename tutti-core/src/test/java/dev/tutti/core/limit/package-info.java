@NullMarked
package dev.tutti.core.limit;

import org.jspecify.annotations.NullMarked;
