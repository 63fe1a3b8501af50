delete from tutti.bus_payload where at < clock_timestamp() - interval '1 minute'
