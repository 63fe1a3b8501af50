/** Feeds of several instances on one PostgreSQL. */
@NullMarked
package dev.tutti.cli.proof.feed;

import org.jspecify.annotations.NullMarked;
