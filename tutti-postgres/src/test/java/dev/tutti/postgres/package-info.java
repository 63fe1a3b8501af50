@NullMarked
package dev.tutti.postgres;

import org.jspecify.annotations.NullMarked;
