@NullMarked
package dev.tutti.bench;

import org.jspecify.annotations.NullMarked;
