/** The place where the server keeps what must not be lost: a PostgreSQL of its own, or somebody else's. */
@NullMarked
package dev.tutti.server.storage;

import org.jspecify.annotations.NullMarked;
