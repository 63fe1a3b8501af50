@NullMarked
package broken.memory;

import org.jspecify.annotations.NullMarked;
