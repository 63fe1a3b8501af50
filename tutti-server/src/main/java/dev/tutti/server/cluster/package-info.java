/**
 * Several instances on one machine behind one port. {@link dev.tutti.server.cluster.Cluster} puts it together: a database,
 * Redis if it is asked for, the workers, each kept running by a {@link dev.tutti.server.cluster.Keeper}, and a {@link
 * dev.tutti.server.cluster.Balancer} before them.
 */
@NullMarked
package dev.tutti.server.cluster;

import org.jspecify.annotations.NullMarked;
