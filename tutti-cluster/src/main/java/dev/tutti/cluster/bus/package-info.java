/** The bus as the capabilities of an instance share it. */
@NullMarked
package dev.tutti.cluster.bus;

import org.jspecify.annotations.NullMarked;
