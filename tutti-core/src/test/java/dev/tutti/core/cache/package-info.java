@NullMarked
package dev.tutti.core.cache;

import org.jspecify.annotations.NullMarked;
