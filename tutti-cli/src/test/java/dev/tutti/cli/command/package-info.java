@NullMarked
package dev.tutti.cli.command;

import org.jspecify.annotations.NullMarked;
