@NullMarked
package broken.worker;

import org.jspecify.annotations.NullMarked;
