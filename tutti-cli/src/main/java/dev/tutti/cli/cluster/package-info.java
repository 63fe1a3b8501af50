/**
 * Several instances on one machine behind one port. {@link dev.tutti.cli.cluster.LocalCluster} puts it together: a database,
 * Redis if it is asked for, the workers, each kept running by a {@link dev.tutti.cli.cluster.Supervisor}, and a {@link
 * dev.tutti.cli.cluster.Balancer} before them.
 */
@NullMarked
package dev.tutti.cli.cluster;

import org.jspecify.annotations.NullMarked;
