/** HTTP for application code: routes, and their handlers, which run on virtual threads and may block. */
@NullMarked
package dev.tutti.http;

import org.jspecify.annotations.NullMarked;
