@NullMarked
package dev.tutti.faults.hostile;

import org.jspecify.annotations.NullMarked;
