package dev.tutti.core;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** Writes null for NaN and the infinities, which JSON does not have; as {@code JSON.stringify} does. */
final class FiniteNumbers extends JsonGeneratorDelegate {
    FiniteNumbers(JsonGenerator out) {
        super(out);
    }

    @Override
    public JsonGenerator writeNumber(double value) {
        return Double.isFinite(value) ? super.writeNumber(value) : writeNull();
    }

    @Override
    public JsonGenerator writeNumber(float value) {
        return Float.isFinite(value) ? super.writeNumber(value) : writeNull();
    }

    @Override
    public JsonGenerator writeArray(double[] values, int from, int count) {
        writeStartArray();
        for (int i = from; i < from + count; i++) {
            writeNumber(values[i]);
        }
        return writeEndArray();
    }
}
