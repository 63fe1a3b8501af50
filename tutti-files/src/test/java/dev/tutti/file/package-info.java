@NullMarked
package dev.tutti.file;

import org.jspecify.annotations.NullMarked;
