select count(*) from pg_stat_activity where application_name = :sessions and usename = current_user
