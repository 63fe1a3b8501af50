-- Names mean what they did when these were written, whatever the path of those who call them: an operator that somebody else makes in
-- the schema public, for types that PostgreSQL's own takes after a conversion only, would be called with the rights of the caller.
do $$
declare
    each regprocedure;
begin
    for each in
        select p.oid::regprocedure
        from pg_proc p
        join pg_language l on l.oid = p.prolang
        where p.pronamespace = 'tutti'::regnamespace and l.lanname = 'plpgsql' and p.proowner = (
            select r.oid from pg_roles r where r.rolname = current_user)
          and not exists (select from unnest(p.proconfig) c (setting) where c.setting like 'search_path=%')
    loop
        execute format('alter function %s set search_path = pg_catalog, pg_temp', each);
    end loop;
end
$$;
