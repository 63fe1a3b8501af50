@NullMarked
package dev.tutti.bench.measure;

import org.jspecify.annotations.NullMarked;
