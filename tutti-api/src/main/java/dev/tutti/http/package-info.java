/** HTTP for application code: routes whose handlers block on virtual threads. */
@NullMarked
package dev.tutti.http;

import org.jspecify.annotations.NullMarked;
