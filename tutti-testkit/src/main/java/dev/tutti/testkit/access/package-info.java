/** Access rules that allow everything, for tests of the code behind them. */
@NullMarked
package dev.tutti.testkit.access;

import org.jspecify.annotations.NullMarked;
