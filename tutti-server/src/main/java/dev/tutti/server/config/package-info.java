/**
 * Configuration: every setting is declared once, in {@link dev.tutti.server.config.Settings}, from where the parser, the
 * command line flags and the reference page come.
 */
@NullMarked
package dev.tutti.server.config;

import org.jspecify.annotations.NullMarked;
