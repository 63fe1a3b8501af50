/** The hostile bench: one instance, people who talk, and a stranger who floods it. */
@NullMarked
package dev.tutti.faults.hostile;

import org.jspecify.annotations.NullMarked;
