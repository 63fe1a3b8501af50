@NullMarked
package dev.tutti.tck.process;

import org.jspecify.annotations.NullMarked;
