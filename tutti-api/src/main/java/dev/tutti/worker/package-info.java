/** Workers: long-running tasks that run once in the cluster, or in shards that are spread over its instances. */
@NullMarked
package dev.tutti.worker;

import org.jspecify.annotations.NullMarked;
