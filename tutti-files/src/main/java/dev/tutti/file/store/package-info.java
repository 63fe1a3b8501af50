/** Where the bytes of files are kept. */
@NullMarked
package dev.tutti.file.store;

import org.jspecify.annotations.NullMarked;
