/** Work that runs once in the cluster, or in parts that are spread over its instances. */
@NullMarked
package dev.tutti.worker;

import org.jspecify.annotations.NullMarked;
