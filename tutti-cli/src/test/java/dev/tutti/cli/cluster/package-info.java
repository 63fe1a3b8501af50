@NullMarked
package dev.tutti.cli.cluster;

import org.jspecify.annotations.NullMarked;
