/** The bus as the capabilities of an instance share it. */
@NullMarked
package dev.tutti.core.bus;

import org.jspecify.annotations.NullMarked;
