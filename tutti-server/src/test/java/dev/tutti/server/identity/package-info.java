/** Tokens of other issuers, and what they allow. */
@NullMarked
package dev.tutti.server.identity;

import org.jspecify.annotations.NullMarked;
