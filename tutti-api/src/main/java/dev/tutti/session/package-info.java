/** What an application keeps of somebody for as long as they are logged in, the same at all instances. */
@NullMarked
package dev.tutti.session;

import org.jspecify.annotations.NullMarked;
