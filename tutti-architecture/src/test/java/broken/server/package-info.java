@NullMarked
package broken.server;

import org.jspecify.annotations.NullMarked;
