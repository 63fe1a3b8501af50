-- Ends those of this instance's sessions whose connections it has closed, and says which of them are there still.
select pid, pg_terminate_backend(pid)
from pg_stat_activity
where pid = any(:closed) and application_name = :sessions and usename = current_user
