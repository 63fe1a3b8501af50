-- Ends those of this instance's sessions whose connections it has closed, and says which of them are there still. The one that
-- asks may have the number of one that is gone.
select pid, pg_terminate_backend(pid)
from pg_stat_activity
where pid = any(:closed) and pid <> pg_backend_pid() and application_name = :sessions and usename = current_user
