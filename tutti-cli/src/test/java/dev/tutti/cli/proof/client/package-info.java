/** Public clients, unmodified: Socket.IO for Java, and the page in a browser. */
@NullMarked
package dev.tutti.cli.proof.client;

import org.jspecify.annotations.NullMarked;
