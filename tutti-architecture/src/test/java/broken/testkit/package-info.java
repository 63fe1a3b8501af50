@NullMarked
package broken.testkit;

import org.jspecify.annotations.NullMarked;
