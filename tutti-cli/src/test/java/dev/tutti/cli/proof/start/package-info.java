@NullMarked
package dev.tutti.cli.proof.start;

import org.jspecify.annotations.NullMarked;
