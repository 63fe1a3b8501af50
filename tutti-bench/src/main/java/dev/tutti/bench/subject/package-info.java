/** The subjects of measurements: servers in processes of their own, and the raw limits beside them. */
@NullMarked
package dev.tutti.bench.subject;

import org.jspecify.annotations.NullMarked;
