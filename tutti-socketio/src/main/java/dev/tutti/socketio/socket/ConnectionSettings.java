package dev.tutti.socketio.socket;

import dev.tutti.edge.flow.TokenBucket;
import java.time.Duration;

/**
 * The settings of each connection.
 *
 * @param maxAttachments the most binary attachments of one message
 * @param maxPayload the most bytes of one message, and of those that wait for their handlers
 * @param maxWaiting how many messages may wait for their handlers before no more is read
 * @param rate how fast packets may come
 * @param connectTimeout how long it may be in no namespace
 * @param attachmentTimeout how long the next attachment of a message may take
 */
public record ConnectionSettings(
        int maxAttachments,
        int maxPayload,
        int maxWaiting,
        TokenBucket.Rate rate,
        Duration connectTimeout,
        Duration attachmentTimeout) {}
