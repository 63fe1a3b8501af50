@NullMarked
package broken.protocol;

import org.jspecify.annotations.NullMarked;
