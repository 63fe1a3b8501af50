@NullMarked
package broken.chat;

import org.jspecify.annotations.NullMarked;
