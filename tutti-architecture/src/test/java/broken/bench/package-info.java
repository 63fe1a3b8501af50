@NullMarked
package broken.bench;

import org.jspecify.annotations.NullMarked;
