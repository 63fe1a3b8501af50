/** The systems that an instance is built on. */
@NullMarked
package dev.tutti.backend;

import org.jspecify.annotations.NullMarked;
