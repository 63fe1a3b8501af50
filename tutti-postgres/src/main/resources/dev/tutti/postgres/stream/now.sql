-- This moment: the database's life, what is committed in it, and whether a crash could take some of that back.
select (select tutti.present_life()) as life, pg_current_snapshot()::text as now, (select tutti.flushed()) as flushed
from tutti.life
