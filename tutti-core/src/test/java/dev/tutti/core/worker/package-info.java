@NullMarked
package dev.tutti.core.worker;

import org.jspecify.annotations.NullMarked;
