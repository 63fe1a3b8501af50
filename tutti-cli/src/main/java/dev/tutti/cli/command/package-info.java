/** The command line: what people type, what they get to read, and the exit code. */
@NullMarked
package dev.tutti.cli.command;

import org.jspecify.annotations.NullMarked;
