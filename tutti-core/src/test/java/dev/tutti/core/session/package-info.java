@NullMarked
package dev.tutti.core.session;

import org.jspecify.annotations.NullMarked;
