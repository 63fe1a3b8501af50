/**
 * Accounts: who people are, how they log in, and how a request or a connection shows who it comes from. Written on the
 * core and the contracts of {@code tutti-api}; it knows neither edge nor backend.
 */
@NullMarked
package dev.tutti.account;

import org.jspecify.annotations.NullMarked;
