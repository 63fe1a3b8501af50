/** HTTP: requests in, answers out, routes whose handlers block on virtual threads, static assets. */
@NullMarked
package dev.tutti.edge.http;

import org.jspecify.annotations.NullMarked;
