/** What may know what, and which names and calls there are not, checked over the classes of all modules. */
@NullMarked
package dev.tutti.architecture;

import org.jspecify.annotations.NullMarked;
