@NullMarked
package dev.tutti.chat.quota;

import org.jspecify.annotations.NullMarked;
