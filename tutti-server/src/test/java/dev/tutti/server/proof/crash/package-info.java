/** The server is killed again and again while clients talk; nothing that was acknowledged may be lost. */
@NullMarked
package dev.tutti.server.proof.crash;

import org.jspecify.annotations.NullMarked;
