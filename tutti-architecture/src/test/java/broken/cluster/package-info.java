@NullMarked
package broken.cluster;

import org.jspecify.annotations.NullMarked;
