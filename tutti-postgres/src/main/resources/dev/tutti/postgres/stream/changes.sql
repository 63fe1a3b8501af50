-- The streams that changed since a snapshot, each with its head, at most so many; and how many events were looked at,
-- at most so many. Without changes, one row that has the moment.
select (select tutti.present_life()) as life, pg_current_snapshot()::text as now, (select tutti.flushed()) as flushed,
       stream.name, changed.head, changed.events
from tutti.life
left join (
    select event.stream_id, max(event.seq) as head, sum(count(*)) over () as events
    from tutti.committed_since(:since::pg_snapshot, :most_events) event
    group by event.stream_id
    limit :most_streams
) changed on true
left join tutti.stream on stream.id = changed.stream_id
