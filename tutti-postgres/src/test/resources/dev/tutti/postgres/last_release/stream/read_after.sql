-- The events of a stream behind a seq, oldest first: as many as wanted and one more, cut where they have too many bytes.
-- They are sent only up to there; "available" says how many there were. Without events, one row that has the head.
select stream.head, page.seq, page.at, page.type, page.key, page.data, page.available
from tutti.stream
left join lateral (
    select kept.*,
           count(*) over () as available,
           sum(octet_length(kept.data)) over (order by kept.seq rows unbounded preceding) as bytes
    from (
        select event.seq, event.at, event.type, event.key, event.data
        from tutti.event
        where event.kind = :kind
          and event.stream_id = stream.id
          and event.seq > greatest(:seq, stream.head - :most_kept)
          and event.at >= (select tutti.clock() - :oldest_kept * interval '1 second')
        order by event.seq
        limit :limit
    ) kept
) page on page.bytes <= :most_bytes
where stream.name = :name
order by page.seq
