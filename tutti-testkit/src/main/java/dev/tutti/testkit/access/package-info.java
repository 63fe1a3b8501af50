/** Access rules for tests of what lies behind them. */
@NullMarked
package dev.tutti.testkit.access;

import org.jspecify.annotations.NullMarked;
