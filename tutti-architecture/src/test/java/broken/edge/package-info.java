@NullMarked
package broken.edge;

import org.jspecify.annotations.NullMarked;
