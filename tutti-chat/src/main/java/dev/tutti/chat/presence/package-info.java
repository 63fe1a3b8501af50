/** The online status of the chat's people: a feature that knows neither edge nor backend. */
@NullMarked
package dev.tutti.chat.presence;

import org.jspecify.annotations.NullMarked;
