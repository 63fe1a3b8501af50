/**
 * Accounts: who people are, how they log in, and how a request or a connection shows who it comes from. Written on the
 * public extension points only.
 */
@NullMarked
package dev.tutti.server.account;

import org.jspecify.annotations.NullMarked;
