@NullMarked
package broken.file;

import org.jspecify.annotations.NullMarked;
