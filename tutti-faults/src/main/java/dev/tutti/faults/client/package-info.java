/** Clients of the chat that go from instance to instance, and write down what they send and are given. */
@NullMarked
package dev.tutti.faults.client;

import org.jspecify.annotations.NullMarked;
