/** Files of real processes, in a directory and in a real S3 service. */
@NullMarked
package dev.tutti.cli.proof.file;

import org.jspecify.annotations.NullMarked;
