@NullMarked
package broken.redis;

import org.jspecify.annotations.NullMarked;
