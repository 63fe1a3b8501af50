@NullMarked
package dev.tutti.core.lifecycle;

import org.jspecify.annotations.NullMarked;
