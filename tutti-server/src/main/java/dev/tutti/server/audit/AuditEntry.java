package dev.tutti.server.audit;

import org.jspecify.annotations.Nullable;

/**
 * A record that is not written yet.
 *
 * @param record what is known of it
 * @param tried the name at which a login failed: only the id of the account that has it is written, as people type passwords there;
 *     null for all else
 * @param own whether it is about somebody's own things, and nothing bounds how often they do that
 */
record AuditEntry(AuditRecord record, @Nullable String tried, boolean own) {}
