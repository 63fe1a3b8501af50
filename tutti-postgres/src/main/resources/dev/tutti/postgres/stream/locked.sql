-- Those of some streams whose rows another transaction has locked, or is about to add; without waiting for any.
select wanted.name
from unnest(:names::text[]) as wanted (name)
left join (
    select stream.name from tutti.stream where stream.name = any (:names) for no key update skip locked
) free on free.name = wanted.name
where free.name is null
  and (exists (select from tutti.stream where stream.name = wanted.name)
       or not exists (select from tutti.stream where stream.name = any (:names)))
