@NullMarked
package dev.tutti.server.config;

import org.jspecify.annotations.NullMarked;
