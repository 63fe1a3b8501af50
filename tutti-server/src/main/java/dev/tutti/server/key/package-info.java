/** Keys with which programs come in, and what each of them allows. */
@NullMarked
package dev.tutti.server.key;

import org.jspecify.annotations.NullMarked;
