/** Backends: the systems in which instances store their data and through which they find each other, such as a database. */
@NullMarked
package dev.tutti.backend;

import org.jspecify.annotations.NullMarked;
