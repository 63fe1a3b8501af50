package dev.tutti.edge.http;

import dev.tutti.core.JsonCodec;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.FlowControl;
import java.time.Duration;

/** The parts and settings that all exchanges of an edge use. */
record ExchangeContext(
        JsonCodec json, FlowControl flow, Cors cors, TrustedProxies proxies, Shares inbound, Duration patience) {}
