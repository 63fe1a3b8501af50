@NullMarked
package dev.tutti.scores;

import org.jspecify.annotations.NullMarked;
