@NullMarked
package broken.server.chat;

import org.jspecify.annotations.NullMarked;
