-- Some of the bytes of a large message, from the given one on; the first is number 1.
select substring(content from :from for :size) from tutti.bus_payload where id = :id
