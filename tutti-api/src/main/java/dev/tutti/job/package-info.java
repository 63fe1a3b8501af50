/** Work that is kept in the database until it is done, by whichever instance runs it. */
@NullMarked
package dev.tutti.job;

import org.jspecify.annotations.NullMarked;
