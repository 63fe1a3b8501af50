/**
 * A PostgreSQL of one's own in a directory.
 *
 * <p>The binaries come from a jar and are unpacked once. {@link dev.tutti.embedded.EmbeddedDatabase} starts the server,
 * watches it and stops it; what a process that was killed left behind is found and ended first.
 */
@NullMarked
package dev.tutti.embedded;

import org.jspecify.annotations.NullMarked;
