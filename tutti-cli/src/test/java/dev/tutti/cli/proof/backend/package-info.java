/** What a backend of one's own does with a key and by SQL, at real instances. */
@NullMarked
package dev.tutti.cli.proof.backend;

import org.jspecify.annotations.NullMarked;
