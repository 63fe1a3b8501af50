@NullMarked
package broken.postgres;

import org.jspecify.annotations.NullMarked;
