/** Tests of webhooks. */
@NullMarked
package dev.tutti.server.webhook;

import org.jspecify.annotations.NullMarked;
