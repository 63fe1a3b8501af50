-- As read_after.sql, but before a seq and newest first.
select stream.head, page.seq, page.at, page.type, page.key, page.data, page.available
from tutti.stream
left join lateral (
    select kept.*,
           count(*) over () as available,
           sum(octet_length(kept.data)) over (order by kept.seq desc rows unbounded preceding) as bytes
    from (
        select event.seq, event.at, event.type, event.key, event.data
        from tutti.event
        where event.kind = :kind
          and event.stream_id = stream.id
          and event.seq < :seq
          and event.seq > stream.head - :most_kept
          and event.at >= (select tutti.clock() - :oldest_kept * interval '1 second')
        order by event.seq desc
        limit :limit
    ) kept
) page on page.bytes <= :most_bytes
where stream.name = :name
order by page.seq desc
