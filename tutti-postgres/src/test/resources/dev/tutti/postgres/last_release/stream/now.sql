-- This moment: the database's life, and what is committed in it.
select life.id as life, pg_current_snapshot()::text as now
from tutti.life
