@NullMarked
package dev.tutti.core.stream;

import org.jspecify.annotations.NullMarked;
