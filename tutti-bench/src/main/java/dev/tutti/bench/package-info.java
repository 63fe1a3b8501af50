/** The load tool: what this machine can do, and how much of that the server leaves. */
@NullMarked
package dev.tutti.bench;

import org.jspecify.annotations.NullMarked;
