@NullMarked
package dev.tutti.chat;

import org.jspecify.annotations.NullMarked;
