/** Who is online, as people at several real instances see it while these are killed and restarted. */
@NullMarked
package dev.tutti.cli.proof.presence;

import org.jspecify.annotations.NullMarked;
