package dev.tutti.tck;

import dev.tutti.bus.Bus;

/**
 * The whole contract of {@link Bus}. Every end that {@link #open} returns belongs to the same bus. No other test may use this bus at the
 * same time.
 */
public interface BusContract extends BusDeliveryContract, BusLossContract, BusRandomRunContract {}
