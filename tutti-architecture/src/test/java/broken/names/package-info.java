@NullMarked
package broken.names;

import org.jspecify.annotations.NullMarked;
