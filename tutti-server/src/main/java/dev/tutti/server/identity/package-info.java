/** Who comes in: people by accounts or by tokens of other issuers, programs by keys; and what each of them may do. */
@NullMarked
package dev.tutti.server.identity;

import org.jspecify.annotations.NullMarked;
