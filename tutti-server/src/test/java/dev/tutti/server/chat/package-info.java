@NullMarked
package dev.tutti.server.chat;

import org.jspecify.annotations.NullMarked;
