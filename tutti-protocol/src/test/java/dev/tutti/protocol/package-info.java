@NullMarked
package dev.tutti.protocol;

import org.jspecify.annotations.NullMarked;
