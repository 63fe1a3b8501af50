@NullMarked
package dev.tutti.server.account;

import org.jspecify.annotations.NullMarked;
