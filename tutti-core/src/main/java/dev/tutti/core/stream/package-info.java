/** Streams over any store: combined appends, delivery without hole or repeat, follow subscriptions and their resume tokens. */
@NullMarked
package dev.tutti.core.stream;

import org.jspecify.annotations.NullMarked;
