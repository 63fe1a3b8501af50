/** Jobs where no backend keeps any. */
@NullMarked
package dev.tutti.core.job;

import org.jspecify.annotations.NullMarked;
