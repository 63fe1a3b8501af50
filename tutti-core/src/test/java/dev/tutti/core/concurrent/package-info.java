@NullMarked
package dev.tutti.core.concurrent;

import org.jspecify.annotations.NullMarked;
