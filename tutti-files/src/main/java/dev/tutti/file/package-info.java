/**
 * Files of people: uploads that can be resumed at any instance, downloads, thumbnails, links that run out. Written on the
 * contracts of {@code tutti-api} and the SQL helper; it knows neither edge nor accounts.
 */
@NullMarked
package dev.tutti.file;

import org.jspecify.annotations.NullMarked;
