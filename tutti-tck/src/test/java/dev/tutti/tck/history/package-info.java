@NullMarked
package dev.tutti.tck.history;

import org.jspecify.annotations.NullMarked;
