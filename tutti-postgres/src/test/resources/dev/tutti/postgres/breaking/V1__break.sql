select pg_terminate_backend(pg_backend_pid());
select pg_sleep(60);
