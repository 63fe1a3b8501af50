@NullMarked
package dev.tutti.server.command;

import org.jspecify.annotations.NullMarked;
