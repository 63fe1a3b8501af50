/** The audit of real processes, as administrators and programs read it. */
@NullMarked
package dev.tutti.cli.proof.audit;

import org.jspecify.annotations.NullMarked;
