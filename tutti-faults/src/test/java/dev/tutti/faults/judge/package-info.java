@NullMarked
package dev.tutti.faults.judge;

import org.jspecify.annotations.NullMarked;
