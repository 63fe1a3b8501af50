/** Webhooks of real processes that are killed and stopped, at a receiver that fails. */
@NullMarked
package dev.tutti.cli.proof.webhook;

import org.jspecify.annotations.NullMarked;
