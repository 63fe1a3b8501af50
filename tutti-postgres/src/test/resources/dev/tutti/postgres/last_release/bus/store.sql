insert into tutti.bus_payload (content) values (:content) returning id
