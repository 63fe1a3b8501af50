@NullMarked
package dev.tutti.concurrent;

import org.jspecify.annotations.NullMarked;
