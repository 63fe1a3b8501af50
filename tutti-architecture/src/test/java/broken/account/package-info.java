@NullMarked
package broken.account;

import org.jspecify.annotations.NullMarked;
