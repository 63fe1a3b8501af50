select content from tutti.bus_payload where id = :id
