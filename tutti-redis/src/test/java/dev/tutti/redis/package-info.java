@NullMarked
package dev.tutti.redis;

import org.jspecify.annotations.NullMarked;
