@NullMarked
package dev.tutti.core.bus;

import org.jspecify.annotations.NullMarked;
