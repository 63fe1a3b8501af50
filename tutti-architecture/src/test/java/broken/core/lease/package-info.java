@NullMarked
package broken.core.lease;

import org.jspecify.annotations.NullMarked;
