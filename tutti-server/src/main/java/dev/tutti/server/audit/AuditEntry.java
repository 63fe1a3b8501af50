package dev.tutti.server.audit;

import org.jspecify.annotations.Nullable;

/**
 * A record that is not written yet.
 *
 * @param record what is known of it
 * @param tried the name at which a login failed: only the id of the account that has it is written, as people type passwords there;
 *     null for all else
 */
record AuditEntry(AuditRecord record, @Nullable String tried) {}
