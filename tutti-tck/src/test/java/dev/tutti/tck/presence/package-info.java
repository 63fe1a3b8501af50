@NullMarked
package dev.tutti.tck.presence;

import org.jspecify.annotations.NullMarked;
