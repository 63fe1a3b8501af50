@NullMarked
package broken.faults;

import org.jspecify.annotations.NullMarked;
