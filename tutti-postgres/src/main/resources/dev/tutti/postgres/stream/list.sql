-- Streams by name, from one text on and before another. Names are sorted by their bytes, as their index is.
select stream.name, stream.head, stream.at
from tutti.stream
where stream.name >= :from and stream.name < :before and stream.head > 0
order by stream.name
limit :limit
