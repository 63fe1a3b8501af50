@NullMarked
package broken.knot;

import org.jspecify.annotations.NullMarked;
