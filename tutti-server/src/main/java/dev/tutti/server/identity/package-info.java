/** The identities that come in, people by accounts or by tokens of other issuers and programs by keys, and their rights. */
@NullMarked
package dev.tutti.server.identity;

import org.jspecify.annotations.NullMarked;
