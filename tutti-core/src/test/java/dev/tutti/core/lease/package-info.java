@NullMarked
package dev.tutti.core.lease;

import org.jspecify.annotations.NullMarked;
