/** The composition root: the parts of one instance, put together. */
@NullMarked
package dev.tutti.core;

import org.jspecify.annotations.NullMarked;
