-- This moment: the database's life, and what is committed in it.
select (select tutti.present_life()) as life, pg_current_snapshot()::text as now
from tutti.life
