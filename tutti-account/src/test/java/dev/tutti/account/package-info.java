@NullMarked
package dev.tutti.account;

import org.jspecify.annotations.NullMarked;
