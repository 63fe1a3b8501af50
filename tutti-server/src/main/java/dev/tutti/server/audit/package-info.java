/** The audit: who did what with accounts, keys, webhooks and the data of others, where it is switched on. */
@NullMarked
package dev.tutti.server.audit;

import org.jspecify.annotations.NullMarked;
