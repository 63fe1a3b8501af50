/**
 * The chat: direct conversations and groups on streams, over REST and Socket.IO. Written on the core and the contracts of
 * {@code tutti-api}; it knows neither edge nor backend.
 *
 * <p>A message is one event of the stream {@code conversation:<id>} and nothing else. Everything that is told by events
 * and also kept in tables (members, edits, what was read) is written in one transaction with its event, so that who reads
 * the tables and then follows the streams sees no contradiction.
 */
@NullMarked
package dev.tutti.chat;

import org.jspecify.annotations.NullMarked;
