/** Tests of the audit. */
@NullMarked
package dev.tutti.server.audit;

import org.jspecify.annotations.NullMarked;
