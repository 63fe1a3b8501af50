@NullMarked
package broken.embedded;

import org.jspecify.annotations.NullMarked;
