/** Jobs: units of work that are stored in the database until they are completed or failed. Any instance with a handler can run them. */
@NullMarked
package dev.tutti.job;

import org.jspecify.annotations.NullMarked;
