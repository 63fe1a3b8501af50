/** The jobs of an instance whose backends store none: all calls are refused. */
@NullMarked
package dev.tutti.core.job;

import org.jspecify.annotations.NullMarked;
