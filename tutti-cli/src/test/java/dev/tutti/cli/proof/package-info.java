/** Tests of the whole server from outside, as a process of its own; here is what they share. */
@NullMarked
package dev.tutti.cli.proof;

import org.jspecify.annotations.NullMarked;
