/** The server is told to leave while clients talk; nothing that was acknowledged may be lost. */
@NullMarked
package dev.tutti.cli.proof.drain;

import org.jspecify.annotations.NullMarked;
