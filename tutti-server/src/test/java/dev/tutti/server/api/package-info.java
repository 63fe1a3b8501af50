/** Tests of what programs may do. */
@NullMarked
package dev.tutti.server.api;

import org.jspecify.annotations.NullMarked;
