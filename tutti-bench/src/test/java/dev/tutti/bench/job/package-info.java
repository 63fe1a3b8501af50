@NullMarked
package dev.tutti.bench.job;

import org.jspecify.annotations.NullMarked;
