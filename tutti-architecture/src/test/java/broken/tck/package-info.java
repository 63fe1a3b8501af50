@NullMarked
package broken.tck;

import org.jspecify.annotations.NullMarked;
