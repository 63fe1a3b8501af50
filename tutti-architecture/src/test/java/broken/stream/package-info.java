@NullMarked
package broken.stream;

import org.jspecify.annotations.NullMarked;
