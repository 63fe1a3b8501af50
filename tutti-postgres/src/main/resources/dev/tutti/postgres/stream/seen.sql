-- For each of some streams, the last seq that is visible in a snapshot. Without such streams, one row that has the
-- moment.
select (select tutti.present_life()) as life, pg_current_snapshot()::text as now, stream.name,
       case
           when pg_visible_in_snapshot(stream.xid, :position::pg_snapshot) then stream.head
           else tutti.seen(
               split_part(stream.name, ':', 1), stream.id, stream.head, :position::pg_snapshot)
       end as seq
from tutti.life
left join tutti.stream on stream.name = any (:names)
