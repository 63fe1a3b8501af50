-- Deletes the oldest events of a stream up to a seq, at most so many, and answers how many. The rest begins behind
-- these, as behind a partition that was dropped, so that nothing else that looks at events needs to know.
with oldest as (
    select event.seq
    from tutti.event
    where event.kind = :kind
      and event.stream_id = (select stream.id from tutti.stream where stream.name = :name)
      and event.seq <= :through
    order by event.seq
    limit :most
),
gone as (
    delete from tutti.event
    where event.kind = :kind
      and event.stream_id = (select stream.id from tutti.stream where stream.name = :name)
      and event.seq <= (select max(oldest.seq) from oldest)
    returning event.seq
)
select count(*)::integer as deleted from gone
