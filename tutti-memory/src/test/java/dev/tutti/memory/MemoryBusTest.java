package dev.tutti.memory;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusContract;

class MemoryBusTest implements BusContract {
    private final MemoryBus.Wire wire = new MemoryBus.Wire();

    @Override
    public Bus open() {
        return new MemoryBus(wire);
    }

    @Override
    public void interrupt(Bus end) {
        ((MemoryBus) end).interrupt();
    }
}
