@NullMarked
package broken.calls;

import org.jspecify.annotations.NullMarked;
