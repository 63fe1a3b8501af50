package dev.tutti.tck;

import dev.tutti.bus.Bus;

/**
 * All of what {@link Bus} promises. Every end that {@link #open} gives belongs to the same bus, which no other test uses
 * at the same time.
 */
public interface BusContract extends BusDeliveryContract, BusLossContract, BusRandomRunContract {}
