@NullMarked
package dev.tutti.core.input;

import org.jspecify.annotations.NullMarked;
