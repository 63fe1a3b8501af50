@NullMarked
package broken.core.stream;

import org.jspecify.annotations.NullMarked;
