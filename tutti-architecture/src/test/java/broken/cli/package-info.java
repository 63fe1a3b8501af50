@NullMarked
package broken.cli;

import org.jspecify.annotations.NullMarked;
