@NullMarked
package dev.tutti.faults;

import org.jspecify.annotations.NullMarked;
